import { Injectable } from '@nestjs/common';
import { revokeKey, type issueKey, type ReplyOf, type RequestOf, type withdrawKey } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { teamNotFound } from '../roster/team-not-found.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';
import { KeyEntries } from './key-entries.ts';
import { KeyMaker } from './key-maker.ts';

/** What the operator of the deployment does with keys. */
@Injectable()
export class OperatorsKeysService {
  constructor(
    private readonly bus: Bus,
    private readonly teams: TeamsRepository,
    private readonly maker: KeyMaker,
    private readonly entries: KeyEntries,
  ) {}

  /** @throws ServiceError `team_not_found`; `invalid_request` and `request_conflict` as the registry says */
  async issue(request: RequestOf<typeof issueKey>): Promise<ReplyOf<typeof issueKey>> {
    const team = await this.teams.find(request.teamId);
    if (!team) throw teamNotFound();
    const executionPolicy = request.executionPolicy ?? team.defaultExecutionPolicy;
    const { key, secret } = await this.maker.orUnmake(async (made) => {
      const result = await this.maker.make({ ...request, executionPolicy, createdBy: null });
      made(result.key);
      await this.entries.created(result.key, BY_OPERATOR);
      return result;
    });
    return { id: key.id, key: secret, hint: key.hint, teamId: key.teamId };
  }

  /** @throws ServiceError `not_found` */
  async withdraw({ id, reason }: RequestOf<typeof withdrawKey>): Promise<ReplyOf<typeof withdrawKey>> {
    const change = await this.bus.ask(revokeKey, { key: { id }, reason, isConfirmed: true });
    await this.entries.stateChanged('key.revoked', change, BY_OPERATOR);
    return change;
  }
}
