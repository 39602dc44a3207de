import type { ShownSums } from '@orgn/console-api';
import { figure } from '../ui/figures.ts';
import { number, type Column } from '../ui/table.tsx';

/** The columns of what requests came to. */
export const sumColumns: readonly Column[] = [
  number('Requests'),
  ...['Errors', 'Tokens in', 'Tokens out'].map((title) => ({ ...number(title), isAside: true })),
  number('Cost'),
];

/** What those of them say that are left out where there is little room. */
export function sumsInWords({ failed, promptTokens, completionTokens }: ShownSums): string {
  const errors = `${figure(failed)} ${failed === 1 ? 'error' : 'errors'}`;
  return `${errors}, ${figure(promptTokens)} tokens in, ${figure(completionTokens)} out`;
}
