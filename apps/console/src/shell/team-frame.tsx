import { mayDo, teamRoutes } from '@orgn/console-api';
import type { TeamId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Outlet, useMatches } from 'react-router';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { pageNamed } from '../pages.ts';
import { TeamContext } from '../session/team.ts';
import { keep } from '../ui/kept.ts';
import { Loaded } from '../page/loaded.tsx';
import { Note } from '../ui/note.tsx';
import { NotFoundPage } from '../page/not-found-page.tsx';

/** What holds for every page of a team: it exists for this person, their role may see the page, the operator's brake is said. */
export function TeamFrame({ teamId }: { teamId: string }) {
  const query = useQuery({ ...queryOf(teamRoutes.get, { params: { teamId: teamId as TeamId } }), staleTime: 60_000 });
  const page = pageNamed(useMatches().at(-1)?.id);
  useEffect(() => {
    if (query.data) keep('team', teamId);
  }, [teamId, query.data]);
  if (isNowhere(query.error)) return <NotFoundPage />;
  return (
    <Loaded query={query}>
      {(team) => {
        const action = page?.action;
        if (action && !mayDo(team.role, action, true)) return <NotFoundPage />;
        return (
          <TeamContext value={team}>
            {team.standing === 'suspended' && <SuspendedNote reason={team.suspensionReason} />}
            <Outlet />
          </TeamContext>
        );
      }}
    </Loaded>
  );
}

/** A team that the person is not in does not exist, and neither does one whose name cannot be one. */
function isNowhere(error: Error | null): boolean {
  const code = codeOf(error);
  return code === 'not_found' || code === 'invalid_request';
}

function SuspendedNote({ reason }: { reason: string | null }) {
  return (
    <Note isForAll kind="problem" title="This team is suspended">
      <p>
        The operator of this gateway has suspended it{reason === null ? '' : `: ${reason}`}. Every call with one of its
        keys is refused until it is resumed. You can still read everything here, and revoke keys.
      </p>
    </Note>
  );
}
