import { Injectable } from '@nestjs/common';
import {
  listKeys,
  setKeysStanding,
  settleKeys,
  type KeyView,
  type ReplyOf,
  type RequestOf,
  type TeamId,
  type TeamStanding,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

/** What the registry knows of a whole team's keys, and is told of it. */
@Injectable()
export class TeamKeys {
  constructor(private readonly bus: Bus) {}

  /** Keys of the team that are or may become accepted again. */
  async living(teamId: TeamId): Promise<KeyView[]> {
    const living: KeyView[] = [];
    let cursor: KeyView['id'] | null = null;
    do {
      const page: ReplyOf<typeof listKeys> = await this.bus.ask(listKeys, { teamId, cursor });
      living.push(...page.keys.filter(({ state }) => state !== 'revoked' && state !== 'expired'));
      cursor = page.next;
    } while (cursor !== null);
    return living;
  }

  /** Settles the keys of somebody who leaves; true at every gateway when it returns. */
  settle(request: RequestOf<typeof settleKeys>): Promise<ReplyOf<typeof settleKeys>> {
    return this.bus.ask(settleKeys, request);
  }

  /** Says how the team stands; true at every gateway when it returns. */
  async stand(teamId: TeamId, standing: TeamStanding): Promise<void> {
    await this.bus.ask(setKeysStanding, { teamId, standing });
  }
}
