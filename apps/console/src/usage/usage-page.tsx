import { usageRoutes, type ConsoleReplyOf, type ShownSums } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { paths } from '../paths.ts';
import { useTeam } from '../session/team.ts';
import { Empty } from '../ui/empty.tsx';
import { difference, figure, shortFigure, usd } from '../ui/figures.ts';
import { exactDay, exactTime } from '../ui/time-text.ts';
import { useTimeZone } from '../ui/time-zone.ts';
import { toUnits } from './bars.ts';
import { BarChart } from './bar-chart.tsx';
import { filtersOf, timeOf } from './filters.ts';
import { GroupTable } from './group-table.tsx';
import { RangeField } from './range-field.tsx';
import { useAddress } from './use-address.ts';
import './usage.css';

const dimensions = { model: 'Model', key: 'Key', member: 'Member', execution: 'Execution' } as const;
type Dimension = keyof typeof dimensions;
type Report = ConsoleReplyOf<typeof usageRoutes.report>;

/** What the team used: cost, tokens, requests, errors. The sums are those of the rows that the requests page shows. */
export default function UsagePage() {
  const team = useTeam();
  const [search, set] = useAddress();
  const by = (Object.keys(dimensions) as Dimension[]).find((one) => one === search.get('by')) ?? 'model';
  const { key, model, member, execution } = filtersOf(search);
  const given = { ...timeOf(search), by, ...without({ key, model, member, execution }) };
  const query = useQuery({
    ...queryOf(usageRoutes.report, { params: { teamId: team.id }, query: given }),
    refetchInterval: 30_000,
  });
  return (
    <Page
      title="Usage"
      lead={team.role === 'member' ? 'What your own keys used.' : 'What the keys of this team used. Days are UTC.'}
    >
      <div className="filters">
        <RangeField search={search} set={set} />
        <label>
          <span>By</span>
          <select value={by} onChange={(event) => set({ by: event.target.value })}>
            {Object.entries(dimensions).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Loaded query={query}>{(report) => <Usage report={report} by={by} teamId={team.id} />}</Loaded>
    </Page>
  );
}

function without<T extends object>(given: T) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

const measures = {
  cost: {
    name: 'Cost',
    of: ({ costUsd }: ShownSums) => Number(costUsd),
    format: (value: number) => `$${Number(value.toPrecision(3))}`,
  },
  tokens: { name: 'Tokens', of: (sums: ShownSums) => sums.promptTokens + sums.completionTokens, format: shortFigure },
  requests: { name: 'Requests', of: ({ requests }: ShownSums) => requests, format: shortFigure },
  errors: { name: 'Errors', of: ({ failed }: ShownSums) => failed, format: shortFigure },
};
type Measure = keyof typeof measures;

function Usage({ report, by, teamId }: { report: Report; by: Dimension; teamId: string }) {
  const [measure, setMeasure] = useState<Measure>('cost');
  const zone = useTimeZone();
  const { of, format, name } = measures[measure];
  if (report.total.requests === 0) {
    return (
      <Empty title="No requests in this while">
        <p>
          As soon as a key is used, its requests are summed here.{' '}
          <Link to={paths.start({ teamId })}>Make a first call</Link>
        </p>
      </Empty>
    );
  }
  const points = report.series.map(({ at, name: group, sums }) => ({ at, name: group, value: of(sums) }));
  const names = [...new Set(points.map((point) => point.name))];
  const label = (at: string) => (report.unit === 'day' ? exactDay(at, 'UTC') : exactTime(at, zone).slice(0, -3));
  return (
    <>
      <Totals report={report} measure={measure} choose={setMeasure} />
      <div className="panel chart">
        <BarChart
          units={toUnits(points, report)}
          names={names}
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
      <GroupTable groups={report.groups} names={names} by={by} title={dimensions[by]} teamId={teamId} />
    </>
  );
}

function Totals({ report, measure, choose }: { report: Report; measure: Measure; choose: (measure: Measure) => void }) {
  const { total, before } = report;
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
