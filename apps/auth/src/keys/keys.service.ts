import { Injectable } from '@nestjs/common';
import { registerKey, toKeyHint, type issueKey, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { TeamsService } from '../teams/teams.service.ts';
import { newKeySecret, toKeyDigest } from './key-secret.ts';

@Injectable()
export class KeysService {
  constructor(
    private readonly teams: TeamsService,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /**
   * Makes a key and answers its secret, this once: the registry gets its digest, and nobody keeps the secret itself.
   * @throws ServiceError `team_not_found`; `invalid_request` and `request_conflict` as the registry says
   */
  async issue(request: RequestOf<typeof issueKey>): Promise<ReplyOf<typeof issueKey>> {
    await this.teams.require(request.teamId);
    const secret = newKeySecret();
    const hint = toKeyHint(secret);
    const { id, teamId } = await this.bus.ask(registerKey, { ...request, digest: toKeyDigest(secret), hint });
    this.log.info('key issued', { keyId: id, teamId });
    return { id, key: secret, hint, teamId };
  }
}
