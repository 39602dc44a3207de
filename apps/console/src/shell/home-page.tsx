import { Link, Navigate } from 'react-router';
import { paths } from '../paths.ts';
import { currentTeam } from '../session/current-team.ts';
import { useSession } from '../session/session.ts';
import { Page } from '../page/page.tsx';

/** The console's front door: on to the team that was shown last. */
export default function HomePage() {
  const session = useSession();
  const team = currentTeam(session);
  if (team) return <Navigate to={paths.start({ teamId: team.id })} replace />;
  return (
    <Page title="You are in no team" lead="Keys, usage and people belong to a team.">
      <p>
        <Link to={paths.newTeam()}>Make a team</Link>, or ask somebody to invite <code>{session.user.email}</code> to
        theirs.
      </p>
    </Page>
  );
}
