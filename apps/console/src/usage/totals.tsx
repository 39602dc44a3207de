import type { ShownSums } from '@orgn/console-api';
import { difference, figure, usd } from '../ui/figures.ts';
import { measures, type Measure } from './measures.ts';

interface TotalsProps {
  total: ShownSums;
  before: ShownSums;
  measure: Measure;
  choose: (measure: Measure) => void;
}

/** What it came to, beside what it was before; the chosen one is what the chart shows. */
export function Totals({ total, before, measure, choose }: TotalsProps) {
  return (
    <div className="totals">
      {(Object.keys(measures) as Measure[]).map((one) => {
        const { name, of } = measures[one];
        const change = difference(of(total), of(before));
        return (
          <button key={one} type="button" className="total" aria-pressed={one === measure} onClick={() => choose(one)}>
            <span>{name}</span>
            <strong>{one === 'cost' ? usd(total.costUsd) : figure(of(total))}</strong>
            <small>{change === undefined ? 'nothing before' : `${change} to before`}</small>
          </button>
        );
      })}
    </div>
  );
}
