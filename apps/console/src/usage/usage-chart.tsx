import type { ShownSums } from '@orgn/console-api';
import { useState } from 'react';
import { exactDay, exactTime } from '../ui/time-text.ts';
import { useTimeZone } from '../ui/time-zone.ts';
import { BarChart } from './bar-chart.tsx';
import { toUnits } from './bars.ts';
import { measures, type Measure } from './measures.ts';
import { Totals } from './totals.tsx';
import './usage.css';

interface Reported {
  from: string;
  until: string;
  unit: 'hour' | 'day';
  completeUntil: string | null;
  total: ShownSums;
  before: ShownSums;
  series: readonly { at: string; name: string | null; sums: ShownSums }[];
}

/** The groups that a chart tells apart, in the order in which it stacks them; `null`: the rest. */
export function namesIn(series: Reported['series']): (string | null)[] {
  return [...new Set(series.map(({ name }) => name))];
}

/** What was used over time, by one measure after the other. */
export function UsageChart({ report }: { report: Reported }) {
  const [measure, setMeasure] = useState<Measure>('cost');
  const zone = useTimeZone();
  const { of, format, name } = measures[measure];
  const points = report.series.map(({ at, name: group, sums }) => ({ at, name: group, value: of(sums) }));
  const label = (at: string) => (report.unit === 'day' ? exactDay(at, 'UTC') : exactTime(at, zone).slice(0, -3));
  return (
    <>
      <Totals total={report.total} before={report.before} measure={measure} choose={setMeasure} />
      <div className="panel chart">
        <BarChart
          units={toUnits(points, report)}
          names={namesIn(report.series)}
          format={format}
          label={label}
          title={`${name} by ${report.unit}`}
        />
      </div>
      <p className="quiet">
        {report.completeUntil === null
          ? 'Until when this is complete is not known at the moment.'
          : `Complete until ${exactTime(report.completeUntil, zone)}.`}{' '}
        Compared with as long a time before.
      </p>
    </>
  );
}
