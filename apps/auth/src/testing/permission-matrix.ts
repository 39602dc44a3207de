import type { Grant, TeamAction } from '@orgn/console-api';
import type { Role } from '@orgn/contracts';

/**
 * Who may do what in a team, written out by hand from what the roles are for: owners everything; admins people, keys and the
 * books; members keys of their own; viewers look. It is a second copy on purpose and is compared with the table that decides:
 * whoever changes one has to mean it twice.
 */
const written = `
  action               owner  admin  member  viewer
  team.read            any    any    any     any
  team.update          any    any    none    none
  team.delete          any    none   none    none
  team.transfer        any    none   none    none
  team.leave           any    any    any     any
  enclaves.update      any    none   none    none
  members.read         any    any    any     any
  members.update       any    any    none    none
  members.remove       any    any    none    none
  invitations.read     any    any    none    none
  invitations.create   any    any    none    none
  invitations.revoke   any    any    none    none
  keys.read            any    any    any     any
  keys.create          any    any    own     none
  keys.update          any    any    own     none
  keys.rotate          any    any    own     none
  keys.disable         any    any    own     none
  keys.enable          any    any    own     none
  keys.revoke          any    any    own     none
  models.read          any    any    any     any
  playground.use       any    any    any     none
  usage.read           any    any    own     none
  requests.read        any    any    own     none
  audit.read           any    any    none    none
  billing.read         any    any    none    none
  billing.update       any    none   none    none
`;

const [head = [], ...rows] = written
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

/** What each role is granted, by action. */
export const permissionMatrix = new Map(
  rows.map(([action, ...grants]) => [
    action as TeamAction,
    Object.fromEntries(grants.map((grant, at) => [head[at + 1], grant])) as Record<Role, Grant>,
  ]),
);

/** Whether somebody should be able to do something, to what is their own or to what is somebody else's. */
export function shouldBeAbleTo(role: Role, action: TeamAction, isOwn: boolean): boolean {
  const grant = permissionMatrix.get(action)?.[role];
  if (grant === undefined) throw new Error(`Nobody has written down who may do ${action}.`);
  return isOwn ? grant !== 'none' : grant === 'any';
}
