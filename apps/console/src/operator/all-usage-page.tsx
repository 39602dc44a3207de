import { operatorRoutes, type ConsoleReplyOf } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { useAddress } from '../page/use-address.ts';
import { Breakable } from '../ui/breakable.tsx';
import { Empty } from '../ui/empty.tsx';
import { figure, usd } from '../ui/figures.ts';
import { Filters, SelectFilter } from '../ui/filters.tsx';
import { Beneath, Table } from '../ui/table.tsx';
import { timeOf } from '../usage/filters.ts';
import { RangeField } from '../usage/range-field.tsx';
import { Part } from '../usage/part.tsx';
import { namesIn, UsageChart } from '../usage/usage-chart.tsx';
import { sumColumns, sumsInWords } from '../usage/sum-columns.ts';

/** While a page of usage is open it is asked again as often, in milliseconds: it is watched. */
const LIVE_MS = 3_000;

const cuts = [
  { value: 'model', label: 'Model' },
  { value: 'execution', label: 'Execution' },
  { value: 'team', label: 'Team' },
] as const;

type Report = ConsoleReplyOf<typeof operatorRoutes.usage>;

/** What everybody together uses, as it happens. */
export default function AllUsagePage() {
  const address = useAddress();
  const by = cuts.find(({ value }) => value === address.search.get('by')) ?? cuts[0];
  const time = address.search.size === 0 ? { range: '24h' as const } : timeOf(address.search);
  const query = useQuery({
    ...queryOf(operatorRoutes.usage, { query: { ...time, by: by.value } }),
    refetchInterval: LIVE_MS,
    placeholderData: (before) => before,
  });
  return (
    <Page title="Usage of all" lead="What all teams together use, asked again every three seconds. Days are UTC.">
      <Filters>
        <RangeField {...address} search={withRange(address.search)} />
        <SelectFilter
          label="By"
          options={cuts}
          value={by.value}
          onChange={(value) => address.set({ by: value, range: address.search.get('range') ?? '24h' })}
        />
      </Filters>
      <Loaded query={query}>{(report) => <Usage report={report} by={by.label} />}</Loaded>
    </Page>
  );
}

/** Without a word on it, a day is looked at: what is live is recent. */
function withRange(search: URLSearchParams): URLSearchParams {
  return search.size === 0 ? new URLSearchParams({ range: '24h' }) : search;
}

function Usage({ report, by }: { report: Report; by: string }) {
  if (report.total.requests === 0) return <Empty title="No requests in this while" />;
  const names = namesIn(report.series);
  return (
    <>
      <UsageChart report={report} />
      <Table label={`Usage by ${by.toLowerCase()}`} columns={[by, ...sumColumns]}>
        {report.groups.map(({ name, label, sums }) => (
          <tr key={name}>
            <th scope="row">
              <Part at={names.indexOf(names.includes(name) ? name : null)}>
                {label === name ? null : <span className="row-name">{label}</span>}
                <code>
                  <Breakable name={name} />
                </code>
                <Beneath>{sumsInWords(sums)}</Beneath>
              </Part>
            </th>
            <td className="number">{figure(sums.requests)}</td>
            <td className="number aside">{figure(sums.failed)}</td>
            <td className="number aside">{figure(sums.promptTokens)}</td>
            <td className="number aside">{figure(sums.completionTokens)}</td>
            <td className="number">{usd(sums.costUsd)}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
