import type { ReactNode } from 'react';
import { useNarrow } from './narrow.ts';

export interface Column {
  title: string;
  /** Figures stand below each other. */
  isNumber?: boolean;
  /** Said to those who do not see what stands in it. */
  isUnseen?: boolean;
  /** Left out where there is little room; so are its cells, which carry the class `aside`. */
  isAside?: boolean;
}

/** A column of figures. */
export const number = (title: string): Column => ({ title, isNumber: true });

/** A column that is left out where there is little room. */
export const aside = (title: string): Column => ({ title, isAside: true });

/** What can be done with each row; it needs no heading for those who see it. */
export const rowActions: Column = { title: 'Actions', isUnseen: true };

interface TableProps {
  label: string;
  columns: readonly (string | Column)[];
  className?: string;
  children: ReactNode;
}

/** The frame of a table: it scrolls by itself where there is no room, also by the keyboard. */
export function Table({ label, columns, className = '', children }: TableProps) {
  return (
    <div className="table-frame" role="region" aria-label={label} tabIndex={0}>
      <table className={`table ${className}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={typeof column === 'string' ? column : column.title} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** What the columns hold that are left out where there is little room: there it stands beneath the name of the row. */
export function Beneath({ children }: { children: ReactNode }) {
  return useNarrow() ? <div className="beneath">{children}</div> : null;
}

function Head({ column }: { column: string | Column }) {
  const { title, isNumber, isUnseen, isAside }: Column = typeof column === 'string' ? { title: column } : column;
  const classes = [isNumber && 'number', isAside && 'aside'].filter(Boolean).join(' ');
  return (
    <th scope="col" className={classes || undefined}>
      {isUnseen ? <span className="unseen">{title}</span> : title}
    </th>
  );
}
