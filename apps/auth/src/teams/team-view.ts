import { mayDo, teamActions, type TeamDetail, type TeamSettings, type TeamSummary } from '@orgn/console-api';
import type { listTeams, ReplyOf, Role } from '@orgn/contracts';
import type { TeamEntity } from '../roster/team.entity.ts';

export function settingsOf(team: TeamSettings): TeamSettings {
  const { membersMayCreateKeys, defaultExecutionPolicy, leakAction } = team;
  return { membersMayCreateKeys, defaultExecutionPolicy, leakAction };
}

export function toTeamSummary(team: TeamEntity, role: Role): TeamSummary {
  return { ...toOperatorsView(team), role };
}

/** With what the caller may do, as the one permission table and the team's own settings say it. */
export function toTeamDetail(team: TeamEntity, role: Role): TeamDetail {
  const mayCreate = role !== 'member' || team.membersMayCreateKeys;
  const permissions = teamActions.filter(
    (action) => mayDo(role, action, true) && (action !== 'keys.create' || mayCreate),
  );
  return { ...toTeamSummary(team, role), settings: settingsOf(team), permissions };
}

export function toOperatorsView(team: TeamEntity): ReplyOf<typeof listTeams>['teams'][number] {
  const { id, name, standing, suspensionReason, createdAt } = team;
  return { id, name, standing, suspensionReason, createdAt: createdAt.toISOString() };
}
