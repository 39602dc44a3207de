import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './note.css';

const icons = { info: Info, good: CircleCheck, warning: TriangleAlert, problem: CircleAlert };

/** Something to know about what stands beside it. */
export function Note({
  kind = 'info',
  title,
  children,
}: {
  kind?: keyof typeof icons;
  title?: string;
  children?: ReactNode;
}) {
  const Icon = icons[kind];
  return (
    <div className={`note ${kind}`}>
      <Icon aria-hidden size={18} />
      <div>
        {title !== undefined && <p className="note-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
