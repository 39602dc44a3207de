import type { ReplyOf, suspendTeam } from '@orgn/contracts';

/** A team as a person reads it. */
export function toTeamFields(team: ReplyOf<typeof suspendTeam>): [string, string][] {
  return [
    ['id', team.id],
    ['name', team.name],
    ['standing', team.standing],
    ['reason', team.suspensionReason ?? '-'],
    ['created', team.createdAt],
  ];
}
