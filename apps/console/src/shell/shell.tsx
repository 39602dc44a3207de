import { Suspense, useEffect, useRef } from 'react';
import { Outlet, useMatch, useMatches } from 'react-router';
import { OFFLINE, useOfflineSince } from '../api/online.ts';
import { NotFoundPage } from '../page/not-found-page.tsx';
import { pageNamed } from '../pages.ts';
import { useSessionIfAny } from '../session/session.ts';
import { exactTime } from '../ui/time-text.ts';
import { useTimeZone } from '../ui/time-zone.ts';
import { announce, Notices } from '../ui/notices.tsx';
import { Note } from '../ui/note.tsx';
import { Unsendable } from '../ui/unsendable.ts';
import { Nav } from './nav.tsx';
import { TeamFrame } from './team-frame.tsx';
import './shell.css';

/** What stands around every page: where one can go, what is wrong with the network, what was just done. */
export function Shell() {
  const session = useSessionIfAny();
  const teamId = useMatch('/teams/:teamId/*')?.params.teamId;
  const offline = useOfflineSince();
  if (!session) return <Outlet />;
  return (
    <Unsendable value={offline === null ? undefined : OFFLINE}>
      <div className="shell">
        <a className="skip" href="#main">
          To the content
        </a>
        <Nav session={session} {...(teamId !== undefined && { teamId })} />
        <div className="content">
          <Suspense fallback={null}>
            {teamId !== undefined && <TeamFrame key={teamId} teamId={teamId} />}
            {teamId === undefined && <OutsideTeams isOperator={session.user.isOperator} />}
          </Suspense>
          <OfflineNote />
        </div>
        <Notices />
      </div>
    </Unsendable>
  );
}

/** A page of no team; an operator's does not exist for anybody else. */
function OutsideTeams({ isOperator }: { isOperator: boolean }) {
  const page = pageNamed(useMatches().at(-1)?.id);
  const isClosed = page?.isOperator === true && !isOperator;
  return isClosed ? <NotFoundPage /> : <Outlet />;
}

function OfflineNote() {
  const since = useOfflineSince();
  const zone = useTimeZone();
  const wasOffline = useRef(false);
  const isOffline = since !== null;
  useEffect(() => {
    if (isOffline !== wasOffline.current) announce(isOffline ? OFFLINE : 'This browser has a network again.');
    wasOffline.current = isOffline;
  }, [isOffline]);
  if (since === null) return null;
  return (
    <div className="offline">
      <Note isForAll kind="warning" title={`Offline since ${exactTime(since.toISOString(), zone)}`}>
        <p>What is on this page was true then. Changes wait until this browser has a network again.</p>
      </Note>
    </div>
  );
}
