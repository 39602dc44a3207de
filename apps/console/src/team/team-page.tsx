import { invitationRoutes, memberRoutes, mayDo } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { Suspense } from 'react';
import { useSearchParams } from 'react-router';
import { allPagesOf } from '../api/all-pages.ts';
import { Page } from '../page/page.tsx';
import { useReason } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { InvitationTable } from './invitation-table.tsx';
import { MemberTable } from './member-table.tsx';
import { RoleTable } from './role-table.tsx';
import { late } from '../page/late.tsx';
import './team.css';

const Dialogs = late(() => import('./team-dialogs.tsx'));

/** Who is in the team, who is invited, and what the roles mean. */
export default function TeamPage() {
  const team = useTeam();
  const params = { teamId: team.id };
  const members = useQuery(allPagesOf(memberRoutes.list, { params }));
  const maySeeInvitations = mayDo(team.role, 'invitations.read', true);
  const [search, setSearch] = useSearchParams();
  const ask = (what: string | null) => setSearch(what === null ? {} : { ask: what }, { replace: what === null });
  const asked = search.get('ask');
  return (
    <Page
      title="Team"
      lead={`Who is in ${team.name}, and what they may do.`}
      actions={
        <Button
          kind="primary"
          icon={<UserPlus aria-hidden size={17} />}
          reason={useReason()('invitations.create')}
          onClick={() => ask('invite')}
        >
          Invite
        </Button>
      }
    >
      <section aria-labelledby="members">
        <h2 id="members">Members</h2>
        <Loaded query={members} lines={4}>
          {({ rows, missing }) => (
            <>
              <MemberTable members={rows} ask={ask} />
              {missing && <ProblemNote error={missing} again={() => void members.refetch()} />}
            </>
          )}
        </Loaded>
      </section>
      {maySeeInvitations && <Invitations />}
      <section aria-labelledby="roles">
        <h2 id="roles">What the roles may do</h2>
        <RoleTable />
      </section>
      <Suspense fallback={null}>
        {asked !== null && members.data && (
          <Dialogs members={members.data.rows} asked={asked} onClose={() => ask(null)} />
        )}
      </Suspense>
    </Page>
  );
}

function Invitations() {
  const { id: teamId } = useTeam();
  const query = useQuery(allPagesOf(invitationRoutes.list, { params: { teamId } }));
  return (
    <section aria-labelledby="invitations">
      <h2 id="invitations">Invitations</h2>
      <Loaded query={query} lines={2}>
        {({ rows, missing }) => (
          <>
            {rows.length === 0 ? <Empty title="Nobody is invited now" /> : <InvitationTable invitations={rows} />}
            {missing && <ProblemNote error={missing} again={() => void query.refetch()} />}
          </>
        )}
      </Loaded>
    </section>
  );
}
