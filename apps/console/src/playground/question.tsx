import { Paperclip, Pencil } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from '../ui/button.tsx';
import type { Attachment, Question } from './conversation.ts';

interface QuestionProps {
  question: Question;
  /** Why it cannot be asked anew. */
  reason: string | undefined;
  onEdit: (text: string) => void;
}

/** What the person asked. */
export function QuestionView({ question: { text, attachments }, reason, onEdit }: QuestionProps) {
  const [edited, setEdited] = useState<string | null>(null);
  const id = useId();
  return (
    <article className="turn question" aria-label="Your question">
      {edited === null ? (
        <p className="said">{text}</p>
      ) : (
        <>
          <label htmlFor={id} className="unseen">
            Edit question
          </label>
          <textarea id={id} rows={3} value={edited} onChange={(event) => setEdited(event.target.value)} />
        </>
      )}
      {attachments.length > 0 && <Attachments attachments={attachments} />}
      <div className="turn-actions">
        {edited === null ? (
          <Button kind="quiet" icon={<Pencil aria-hidden size={14} />} onClick={() => setEdited(text)}>
            Edit
          </Button>
        ) : (
          <>
            <Button
              kind="primary"
              reason={reason ?? (edited.trim() === '' ? 'Write something first.' : undefined)}
              onClick={() => {
                onEdit(edited);
                setEdited(null);
              }}
            >
              Ask again
            </Button>
            <Button onClick={() => setEdited(null)}>Cancel</Button>
          </>
        )}
      </div>
    </article>
  );
}

/** What goes along with a question. */
export function Attachments({
  attachments,
  onDrop,
}: {
  attachments: readonly Attachment[];
  onDrop?: (at: number) => void;
}) {
  return (
    <ul className="attachments" aria-label="Attachments">
      {attachments.map(({ kind, name, dataUrl }, at) => (
        <li key={at}>
          {kind === 'image' ? <img src={dataUrl} alt="" height="64" /> : <Paperclip aria-hidden size={15} />}
          <span>{name}</span>
          {onDrop && (
            <Button kind="quiet" onClick={() => onDrop(at)} aria-label={`Remove ${name}`}>
              Remove
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}
