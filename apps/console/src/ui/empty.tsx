import type { ReactNode } from 'react';

/** Where a list has nothing: what belongs here, why there is none, and the one thing to do. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children}
      {action !== undefined && <div className="actions">{action}</div>}
    </div>
  );
}
