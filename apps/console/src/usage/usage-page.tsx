import { usageRoutes, type ConsoleReplyOf } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { useAddress } from '../page/use-address.ts';
import { paths } from '../paths.ts';
import { useTeam } from '../session/team.ts';
import { Empty } from '../ui/empty.tsx';
import { Filters, SelectFilter } from '../ui/filters.tsx';
import { filtersOf, timeOf } from './filters.ts';
import { GroupTable } from './group-table.tsx';
import { Narrowed } from './narrowed.tsx';
import { RangeField } from './range-field.tsx';
import { namesIn, UsageChart } from './usage-chart.tsx';

const dimensions = { model: 'Model', key: 'Key', member: 'Member', execution: 'Execution' } as const;
type Dimension = keyof typeof dimensions;
type Report = ConsoleReplyOf<typeof usageRoutes.report>;

/** What the team used: cost, tokens, requests, errors. The sums are those of the rows that the requests page shows. */
export default function UsagePage() {
  const team = useTeam();
  const address = useAddress();
  const { search } = address;
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
      <Filters>
        <RangeField {...address} />
        <SelectFilter
          label="By"
          options={Object.entries(dimensions).map(([value, label]) => ({ value, label }))}
          {...address.wired('by', 'model')}
        />
        <Narrowed {...address} />
      </Filters>
      <Loaded query={query}>{(report) => <Usage report={report} by={by} teamId={team.id} />}</Loaded>
    </Page>
  );
}

function without<T extends object>(given: T) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

function Usage({ report, by, teamId }: { report: Report; by: Dimension; teamId: string }) {
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
  return (
    <>
      <UsageChart report={report} />
      <GroupTable
        groups={report.groups}
        names={namesIn(report.series)}
        by={by}
        title={dimensions[by]}
        teamId={teamId}
      />
    </>
  );
}
