import type { ConsoleModel } from '@orgn/console-api';
import { Paperclip, Send, Square } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { attach, readableTypes } from './attachments.ts';
import { isRunning, openCalls, type Attachment } from './conversation.ts';
import type { Desk, DeskState } from './desk.ts';
import { useDraft } from './draft.ts';
import { faultsOf } from './faults.ts';
import { Attachments } from './question.tsx';

interface ComposerProps {
  desk: Desk;
  state: DeskState;
  /** Those that are asked. */
  models: readonly ConsoleModel[];
  reason: string | undefined;
}

/** Where the next question is written. It goes to every column. */
export function Composer({ desk, state, models, reason }: ComposerProps) {
  const { draft } = desk;
  const { text, attachments } = useDraft(draft);
  const [fault, setFault] = useState<string | null>(null);
  const isAsking = state.columns.some(({ turns }) => isRunning(turns));
  const why = reason ?? whyNotSend(state, models, text, attachments);
  const readable = readableTypes(models.flatMap(({ inputModalities }) => inputModalities));
  const send = () => {
    if (why !== undefined || isAsking) return;
    draft.clear();
    desk.send(text, attachments, models);
  };
  const choose = (files: readonly File[]) => {
    attach(files, readable, attachments).then(
      (more) => {
        setFault(null);
        draft.write({ attachments: [...draft.snapshot().attachments, ...more] });
      },
      (error: unknown) => setFault((error as Error).message),
    );
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {attachments.length > 0 && (
        <Attachments
          attachments={attachments}
          onDrop={(dropped) => draft.write({ attachments: attachments.filter((_, at) => at !== dropped) })}
        />
      )}
      <textarea
        aria-label="Message"
        placeholder="Ask something. Enter sends, Shift and Enter begin a new line."
        rows={3}
        value={text}
        onChange={(event) => draft.write({ text: event.target.value })}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      {fault !== null && (
        <p className="field-fault" role="alert">
          {fault}
        </p>
      )}
      <div className="actions">
        {readable.length > 0 && <AttachButton accept={readable} onChoose={choose} />}
        {isAsking ? (
          <Button
            kind="danger"
            icon={<Square aria-hidden size={14} />}
            onClick={() => state.columns.forEach(({ id }) => desk.stop(id))}
          >
            Stop
          </Button>
        ) : (
          <Button kind="primary" type="submit" icon={<Send aria-hidden size={15} />} reason={why}>
            Send
          </Button>
        )}
      </div>
    </form>
  );
}

function whyNotSend(
  { columns, settings }: DeskState,
  models: readonly ConsoleModel[],
  text: string,
  attachments: readonly Attachment[],
): string | undefined {
  if (models.length < columns.length) return 'Choose a model first.';
  if (columns.some(({ turns }) => openCalls(turns).length > 0)) return 'Give the results of the tools first.';
  if (faultsOf(settings, models).length > 0) return 'Something in the settings cannot be read.';
  return text.trim() === '' && attachments.length === 0 ? 'Write something first.' : undefined;
}

function AttachButton({ accept, onChoose }: { accept: readonly string[]; onChoose: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={accept.join(',')}
        aria-label="Files to attach"
        onChange={({ target }) => {
          onChoose([...(target.files ?? [])]);
          target.value = '';
        }}
      />
      <Button icon={<Paperclip aria-hidden size={15} />} onClick={() => input.current?.click()}>
        Attach
      </Button>
    </>
  );
}
