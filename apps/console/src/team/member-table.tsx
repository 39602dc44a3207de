import type { Member } from '@orgn/console-api';
import { useReason } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Badge } from '../ui/badge.tsx';
import { Menu } from '../ui/menu.tsx';
import { aside, Beneath, rowActions, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';

/** The people of the team. */
export function MemberTable({ members, ask }: { members: readonly Member[]; ask: (what: string) => void }) {
  return (
    <Table label="Table of members" columns={['Name', 'Role', aside('Since'), rowActions]}>
      {members.map((member) => (
        <tr key={member.id}>
          <th scope="row">
            <span className="row-name">
              {member.name} {member.isYou && <Badge>you</Badge>}
            </span>
            <small>{member.email}</small>
            <Beneath>
              since <Time at={member.joinedAt} />
            </Beneath>
          </th>
          <td>{member.role}</td>
          <td className="aside">
            <Time at={member.joinedAt} />
          </td>
          <td>
            <MemberActions member={member} ask={ask} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function MemberActions({ member, ask }: { member: Member; ask: (what: string) => void }) {
  const why = useReason();
  const { role } = useTeam();
  // Beyond the table: only owners make and unmake owners.
  const ofOwners = member.role === 'owner' && role !== 'owner' ? 'Only owners may do this to an owner.' : undefined;
  const items = member.isYou
    ? [
        {
          label: 'Leave the team',
          onSelect: () => ask(`leave.${member.id}`),
          reason: why('team.leave'),
          isDanger: true,
        },
      ]
    : [
        { label: 'Change role', onSelect: () => ask(`role.${member.id}`), reason: why('members.update') ?? ofOwners },
        {
          label: 'Remove',
          onSelect: () => ask(`remove.${member.id}`),
          reason: why('members.remove') ?? ofOwners,
          isDanger: true,
        },
      ];
  return (
    <div className="row-actions">
      <Menu label={`Actions for ${member.name}`} items={items} />
    </div>
  );
}
