import { CircleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toFault } from '../api/fault.ts';
import { Button } from '../ui/button.tsx';
import { Copy } from '../ui/copy.tsx';
import '../ui/note.css';

interface ProblemNoteProps {
  error: Error;
  again?: () => void;
}

/** What failed, what to do, the way there, and the id that the operator can find it by. */
export function ProblemNote({ error, again }: ProblemNoteProps) {
  const fault = toFault(error);
  const wait = useCountdown(fault.retryAfterSeconds ?? 0, error);
  return (
    <div className="note problem">
      <CircleAlert aria-hidden size={18} />
      <div>
        {/* What follows changes as time goes, which nobody wants to hear. */}
        <div role="alert">
          <p className="note-title">{fault.title}</p>
          <p>{fault.detail}</p>
        </div>
        {fault.requestId && (
          <p className="quiet">
            Request <code>{fault.requestId}</code> <Copy text={fault.requestId} label="Copy request id" />
          </p>
        )}
        {again && (
          <Button onClick={again} reason={wait > 0 ? `Possible again in ${wait} s.` : undefined}>
            {wait > 0 ? `Again in ${wait} s` : 'Try again'}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Seconds that are left of a wait that began with its cause. */
function useCountdown(seconds: number, cause: Error): number {
  const [left, setLeft] = useState({ cause, seconds });
  const current = left.cause === cause ? left.seconds : seconds;
  useEffect(() => {
    if (current <= 0) return;
    const timer = setTimeout(() => setLeft({ cause, seconds: current - 1 }), 1_000);
    return () => clearTimeout(timer);
  }, [cause, current]);
  return current;
}
