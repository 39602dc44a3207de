import { Injectable } from '@nestjs/common';
import { keysChanged, ServiceError, type ReplyOf, type RequestOf, type setKeysStanding } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { KeysDatabase } from '../keys/keys.database.ts';

/** Knows how teams stand, because their keys are refused with them. */
@Injectable()
export class StandingsService {
  constructor(
    private readonly database: KeysDatabase,
    private readonly bus: Bus,
  ) {}

  /** Resolves after the commit. @throws ServiceError `request_conflict`: a closed team stays closed */
  async stand({ teamId, standing }: RequestOf<typeof setKeysStanding>): Promise<ReplyOf<typeof setKeysStanding>> {
    const revoked = await this.database.change(teamId, async (keys) => {
      if (standing !== 'closed' && (await keys.standing()) === 'closed')
        throw new ServiceError('request_conflict', 'The team is closed, and its keys are revoked for good.');
      await keys.stand(standing);
      if (standing !== 'closed') return 0;
      const ids = (await keys.holdUnrevoked()).map(({ id }) => id);
      return (await keys.revoke(ids, 'other')).length;
    });
    this.bus.broadcast(keysChanged, { teamIds: [teamId] });
    return { revoked };
  }
}
