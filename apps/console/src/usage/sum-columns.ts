import { number, type Column } from '../ui/table.tsx';

/** The columns of what requests came to. */
export const sumColumns: readonly Column[] = [
  number('Requests'),
  ...['Errors', 'Tokens in', 'Tokens out'].map((title) => ({ ...number(title), isAside: true })),
  number('Cost'),
];
