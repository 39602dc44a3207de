import type { Role } from '@orgn/contracts';
import { roleSentences } from '../permission/action-words.ts';
import { Choice } from '../ui/field.tsx';
import { RoleRights } from './role-table.tsx';

interface RoleFieldProps {
  value: Role;
  roles: readonly Role[];
  onChoose: (role: Role) => void;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** A role, with what the person will be able to do, from the permission table. */
export function RoleField({ value, roles, onChoose }: RoleFieldProps) {
  return (
    <>
      <Choice<Role>
        legend="Role"
        value={value}
        onChoose={onChoose}
        options={roles.map((role) => ({ value: role, label: capital(role), hint: roleSentences[role] }))}
      />
      <details className="restrict">
        <summary>All that this role may do</summary>
        <RoleRights role={value} />
      </details>
    </>
  );
}
