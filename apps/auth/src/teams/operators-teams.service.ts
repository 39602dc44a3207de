import { Injectable } from '@nestjs/common';
import {
  ServiceError,
  type createTeam,
  type listGoneTeams,
  type listTeams,
  type ReplyOf,
  type RequestOf,
  type suspendDebtor,
  type suspendTeam,
  type TeamId,
} from '@orgn/contracts';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { TeamKeys } from '../team-keys/team-keys.ts';
import { asTeamNotFound } from '../roster/team-not-found.ts';
import type { TeamEntity } from '../roster/team.entity.ts';
import { toOperatorsView } from './team-view.ts';
import { TeamsRepository, type TeamChanges } from '../roster/teams.repository.ts';

/** Who stops a team: an operator at a terminal, or one who is signed in. */
type By = Pick<AuditEntry, 'actor' | 'client'>;

/** What the operator of the deployment does with teams. */
@Injectable()
export class OperatorsTeamsService {
  constructor(
    private readonly database: AuthDatabase,
    private readonly teams: TeamsRepository,
    private readonly teamKeys: TeamKeys,
    private readonly audit: AuditLog,
  ) {}

  /** Makes a team; a repetition answers the team as it is, whatever name the repetition carries. */
  create(request: RequestOf<typeof createTeam>): Promise<ReplyOf<typeof createTeam>> {
    return this.database.transaction(async () => {
      if (await this.teams.insertOnce(request)) await this.#recordMaking(request);
      const team = await this.teams.find(request.id);
      if (!team) throw new ServiceError('invalid_request', 'A team with this id was deleted; choose another id.');
      return { id: team.id, name: team.name, createdAt: team.createdAt.toISOString() };
    });
  }

  async list({ cursor, limit }: RequestOf<typeof listTeams>): Promise<ReplyOf<typeof listTeams>> {
    const rows = await this.teams.list({ cursor, limit });
    const shown = rows.slice(0, limit);
    return { teams: shown.map(toOperatorsView), next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  namesOf(ids: readonly TeamId[]): Promise<ReadonlyMap<string, string>> {
    return this.teams.namesOf(ids);
  }

  async gone({ teamIds }: RequestOf<typeof listGoneTeams>): Promise<ReplyOf<typeof listGoneTeams>> {
    return { gone: await this.teams.deletedAmong(teamIds) };
  }

  /** The registry is told first: what the console shows must not be ahead of what gateways do. */
  suspend(
    { teamId, reason }: RequestOf<typeof suspendTeam>,
    by: By = BY_OPERATOR,
  ): Promise<ReplyOf<typeof suspendTeam>> {
    const suspended = { standing: 'suspended', suspensionReason: reason } as const;
    return this.#stand({ teamId, action: 'team.suspended', by }, suspended);
  }

  /** A team that owes what was taken back from it, by the word of metering. */
  suspendDebtor(request: RequestOf<typeof suspendDebtor>): Promise<ReplyOf<typeof suspendTeam>> {
    return this.suspend(request, { actor: { kind: 'system' }, client: null });
  }

  resume({ teamId }: { teamId: TeamId }, by: By = BY_OPERATOR): Promise<ReplyOf<typeof suspendTeam>> {
    const resumed = { standing: 'active', suspensionReason: null } as const;
    return this.#stand({ teamId, action: 'team.resumed', by }, resumed);
  }

  async #stand(
    { teamId, action, by }: Pick<AuditEntry, 'action'> & { teamId: TeamId; by: By },
    changes: Pick<TeamEntity, 'standing' | 'suspensionReason'>,
  ): Promise<ReplyOf<typeof suspendTeam>> {
    return this.database.patientTransaction(async () => {
      const { standing, suspensionReason, ...team } = await this.teams.lock(teamId).catch(asTeamNotFound);
      await this.teamKeys.stand(teamId, changes.standing);
      await this.teams.update(teamId, changes satisfies TeamChanges);
      const object = { kind: 'team', id: teamId } as const;
      const before = { standing, suspensionReason };
      await this.audit.record({ ...by, teamId, action, object, before, after: changes });
      return toOperatorsView({ ...team, ...changes });
    });
  }

  #recordMaking({ id, name }: RequestOf<typeof createTeam>): Promise<void> {
    const object = { kind: 'team', id } as const;
    return this.audit.record({ ...BY_OPERATOR, teamId: id, action: 'team.created', object, after: { name } });
  }
}
