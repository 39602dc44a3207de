import type { ShownSums } from '@orgn/console-api';
import { shortFigure } from '../ui/figures.ts';

/** What usage is looked at by, and how its axis is written. */
export const measures = {
  cost: {
    name: 'Cost',
    of: ({ costUsd }: ShownSums) => Number(costUsd),
    format: (value: number) => `$${Number(value.toPrecision(3))}`,
  },
  tokens: { name: 'Tokens', of: (sums: ShownSums) => sums.promptTokens + sums.completionTokens, format: shortFigure },
  requests: { name: 'Requests', of: ({ requests }: ShownSums) => requests, format: shortFigure },
  errors: { name: 'Errors', of: ({ failed }: ShownSums) => failed, format: shortFigure },
};
export type Measure = keyof typeof measures;
