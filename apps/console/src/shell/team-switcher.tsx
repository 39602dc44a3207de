import { useLocation, useNavigate } from 'react-router';
import type { TeamOfSession } from '../session/current-team.ts';
import type { Session } from '../session/session.ts';
import { inTeam, paths } from '../paths.ts';

const NEW = 'new';

/** Which team the pages show; the same page of another one, or a new one. */
export function TeamSwitcher({ session, team }: { session: Session; team?: TeamOfSession }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const go = (value: string) => void navigate(value === NEW ? paths.newTeam() : inTeam(pathname, value));
  return (
    <label className="switcher">
      <span>Team</span>
      <select value={team?.id ?? ''} onChange={(event) => go(event.target.value)}>
        {session.teams.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        {!team && <option value="">No team</option>}
        <option value={NEW}>New team …</option>
      </select>
    </label>
  );
}
