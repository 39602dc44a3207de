import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './note.css';

const icons = { info: Info, good: CircleCheck, warning: TriangleAlert, problem: CircleAlert };

/** Something to know about what stands beside it. */
export function Note({
  kind = 'info',
  title,
  children,
  isForAll = false,
  isAlert = false,
}: {
  kind?: keyof typeof icons;
  title?: string;
  children?: ReactNode;
  /** It is about the whole page, and stands outside of its content. */
  isForAll?: boolean;
  /** It came of what was done, and is read out. */
  isAlert?: boolean;
}) {
  const Icon = icons[kind];
  return (
    <div
      className={`note ${kind}`}
      {...(isForAll && { role: 'region', 'aria-label': title })}
      {...(isAlert && { role: 'alert' })}
    >
      <Icon aria-hidden size={18} />
      <div>
        {title !== undefined && <p className="note-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
