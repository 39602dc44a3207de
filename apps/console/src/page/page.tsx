import type { ReactNode } from 'react';
import { useHeadingFocus } from './heading-focus.ts';
import { useTitle } from './title.ts';

interface PageProps {
  title: string;
  /** One sentence on what is here. */
  lead?: ReactNode;
  /** What can be done on this page as a whole. */
  actions?: ReactNode;
  /** The way back up. */
  crumb?: ReactNode;
  children: ReactNode;
}

/** The frame of a page: its one heading, what it is about, what can be done. */
export function Page({ title, lead, actions, crumb, children }: PageProps) {
  useTitle(title);
  const heading = useHeadingFocus();
  return (
    <main className="page" id="main" tabIndex={-1}>
      {crumb !== undefined && <div className="crumb">{crumb}</div>}
      <header className="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
