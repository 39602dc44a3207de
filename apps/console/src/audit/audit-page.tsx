import { auditRoutes, memberRoutes } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { allPagesOf } from '../api/all-pages.ts';
import { api } from '../api/client.ts';
import { usePagesOf } from '../api/pages-of.ts';
import { Page } from '../page/page.tsx';
import { useAddress } from '../page/use-address.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Older } from '../page/older.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { AuditList } from './audit-list.tsx';
import { filtersOf, isFiltered } from './filters.ts';

/** What was done in the team, by whom, and what it changed. Nobody can change or shorten this log. */
export default function AuditPage() {
  const { id: teamId } = useTeam();
  const { search, wired, clear } = useAddress();
  const filters = filtersOf(search);
  const members = useQuery(allPagesOf(memberRoutes.list, { params: { teamId } }));
  const params = { teamId };
  const query = usePagesOf(auditRoutes.list, { params, query: filters });
  const exported = api.addressOf(auditRoutes.list, { params, query: { ...filters, format: 'ndjson' } });
  return (
    <Page
      title="Audit log"
      lead="What was done in this team, by whom, from where, and what it changed. Nothing in it can be changed or taken out."
      actions={
        <a className="button plain" href={exported} download={`audit-${teamId}.ndjson`}>
          <Download aria-hidden size={16} />
          Export NDJSON
        </a>
      }
    >
      <AuditFilters members={members.data?.rows ?? []} wired={wired} />
      <Loaded query={query}>
        {({ pages }) => {
          const entries = pages.flatMap(({ data }) => data);
          if (entries.length === 0 && isFiltered(filters)) {
            return <Empty title="Nothing matches" action={<Button onClick={clear}>Clear filters</Button>} />;
          }
          return <AuditList entries={entries} />;
        }}
      </Loaded>
      <Older query={query} what="entries" />
    </Page>
  );
}
