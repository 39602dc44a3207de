import type { Role } from '@orgn/contracts';
import { roleLines, roleSentences } from '../permission/action-words.ts';

const roles: readonly Role[] = ['owner', 'admin', 'member', 'viewer'];

/** The permission table in words: first whoever may the least, then what each adds. */
export function RoleTable() {
  return (
    <div className="roles">
      {roles.map((role) => (
        <details key={role}>
          <summary>
            <strong>{role}</strong> <span>{roleSentences[role]}</span>
          </summary>
          <RoleRights role={role} />
        </details>
      ))}
    </div>
  );
}

/** What a role may do, line by line. */
export function RoleRights({ role }: { role: Role }) {
  return (
    <ul className="rights">
      {roleLines(role).map(({ action, text, isOwnOnly }) => (
        <li key={action}>
          {text}
          {isOwnOnly && <span className="quiet"> (their own only)</span>}
        </li>
      ))}
    </ul>
  );
}
