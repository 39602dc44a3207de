import { keyRoutes, mayDo, auditRoutes, usageRoutes, type ConsoleKey } from '@orgn/console-api';
import type { KeyId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { AuditList } from '../audit/audit-list.tsx';
import { NotFoundPage } from '../page/not-found-page.tsx';
import { Page } from '../page/page.tsx';
import { paths } from '../paths.ts';
import { useSession } from '../session/session.ts';
import { useTeam } from '../session/team.ts';
import { Empty } from '../ui/empty.tsx';
import { UsageChart } from '../usage/usage-chart.tsx';
import { Loaded } from '../page/loaded.tsx';
import { KeyActions } from './key-actions.tsx';
import { Lineage } from './lineage.tsx';
import { KeyFacts } from './key-facts.tsx';
import { late } from '../page/late.tsx';
import './keys.css';

const Asked = late(() => import('./key-dialogs.tsx'));

/** One key: what it may do, how it is used, whom it replaced, and what was done to it. */
export default function KeyPage() {
  const team = useTeam();
  const { keyId = '' } = useParams();
  const params = { teamId: team.id, keyId: keyId as KeyId };
  const query = useQuery({ ...queryOf(keyRoutes.get, { params }), refetchInterval: 15_000 });
  const isNowhere = ['not_found', 'invalid_request'].includes(codeOf(query.error) ?? '');
  if (isNowhere && !query.data) return <NotFoundPage />;
  if (!query.data)
    return (
      <Page title="API key">
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  return (
    <Loaded query={query}>
      {(key) => <OneKey value={key} isHistoryShown={mayDo(team.role, 'audit.read', true)} />}
    </Loaded>
  );
}

function OneKey({ value, isHistoryShown }: { value: ConsoleKey; isHistoryShown: boolean }) {
  const { role } = useTeam();
  const { user } = useSession();
  const [search, setSearch] = useSearchParams();
  const asked = search.get('ask');
  const ask = (what: string | null) => setSearch(what === null ? {} : { ask: what }, { replace: what === null });
  return (
    <Page
      title={value.name}
      crumb={<Link to={paths.keys({ teamId: value.teamId })}>API Keys</Link>}
      actions={<KeyActions value={value} ask={ask} />}
    >
      <KeyFacts value={value} />
      <Lineage value={value} />
      {mayDo(role, 'usage.read', value.owner?.id === user.id) && <Use value={value} />}
      {isHistoryShown && <History value={value} />}
      <Suspense fallback={null}>
        {asked !== null && <Asked keys={[value]} asked={asked} onClose={() => ask(null)} />}
      </Suspense>
    </Page>
  );
}

/** What the key used of late, as the page of usage says it. */
function Use({ value: { teamId, id } }: { value: ConsoleKey }) {
  const query = useQuery(queryOf(usageRoutes.report, { params: { teamId }, query: { range: '30d', key: id } }));
  return (
    <section aria-labelledby="use">
      <div className="section-head">
        <h2 id="use">The last 30 days</h2>
        <Link to={`${paths.requests({ teamId })}?key=${id}`}>Its requests</Link>
      </div>
      <Loaded query={query} lines={3}>
        {(report) =>
          report.total.requests === 0 ? <Empty title="No requests in 30 days" /> : <UsageChart report={report} />
        }
      </Loaded>
    </section>
  );
}

/** The audit log, of this key alone. */
function History({ value }: { value: ConsoleKey }) {
  const { teamId, id } = value;
  const query = useQuery(queryOf(auditRoutes.list, { params: { teamId }, query: { object: id, limit: 20 } }));
  return (
    <section aria-labelledby="history">
      <h2 id="history">History</h2>
      <Loaded query={query} lines={3}>
        {({ data, nextCursor }) => (
          <>
            <AuditList entries={data} isOneObject />
            {nextCursor !== null && <Link to={paths.audit({ teamId }, id)}>All of it in the audit log</Link>}
          </>
        )}
      </Loaded>
    </section>
  );
}
