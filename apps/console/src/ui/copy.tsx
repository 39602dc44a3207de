import { Check, Copy as CopyIcon } from 'lucide-react';
import { useEffect, useState } from 'react';

interface CopyProps {
  text: string;
  /** What it copies, for those who do not see beside what it stands. */
  label: string;
  /** Words on the button; absent: an icon alone. */
  children?: string;
}

const DONE_MS = 2_000;

/** Copies a text, and says that it did. */
export function Copy({ text, label, children }: CopyProps) {
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return;
    const timer = setTimeout(() => setDone(false), DONE_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setDone(true),
      () => undefined,
    );
  };
  const Icon = isDone ? Check : CopyIcon;
  return (
    <button
      type="button"
      className={children === undefined ? 'button quiet icon-only small' : 'button plain'}
      aria-label={children === undefined ? label : undefined}
      onClick={copy}
    >
      <Icon aria-hidden size={children === undefined ? 14 : 16} />
      {children !== undefined && (isDone ? 'Copied' : children)}
      {children === undefined && (
        <span className="unseen" role="status">
          {isDone ? 'Copied' : ''}
        </span>
      )}
    </button>
  );
}
