import { Check } from 'lucide-react';
import type { ReactNode } from 'react';

/** One step of the first run; it ticks itself off. */
export function Step({
  at,
  title,
  isDone,
  children,
}: {
  at: number;
  title: string;
  isDone: boolean;
  children: ReactNode;
}) {
  return (
    <li className="step" data-done={isDone || undefined}>
      <span className="step-mark" aria-hidden>
        {isDone ? <Check size={16} /> : at}
      </span>
      <div className="step-body">
        <h2>
          {title}
          {isDone && <span className="unseen"> (done)</span>}
        </h2>
        {children}
      </div>
    </li>
  );
}
