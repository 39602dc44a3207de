import { Injectable } from '@nestjs/common';
import type { ConsoleReplyOf, keyRoutes } from '@orgn/console-api';
import { countRunning, getKey, ServiceError, type KeyId, type KeyView } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { TeamKeys } from '../team-keys/team-keys.ts';
import { ShownKeys } from './shown-keys.ts';

type Activity = ConsoleReplyOf<typeof keyRoutes.activity>;

/** What happens under a key now, for whoever is about to end or replace it. */
@Injectable()
export class KeyActivityService {
  constructor(
    private readonly bus: Bus,
    private readonly shown: ShownKeys,
    private readonly keys: TeamKeys,
  ) {}

  async describe(call: ConsoleCall<typeof keyRoutes.activity>): Promise<Activity> {
    const key = await this.shown.require(call, 'keys.read');
    const [use, predecessor, living] = await Promise.all([
      this.#useOf(key),
      this.#predecessorOf(key),
      this.keys.living(key.teamId),
    ]);
    const others = living.filter(({ id, state }) => id !== key.id && state === 'active');
    return { ...use, isOnlyActive: key.state === 'active' && others.length === 0, predecessor };
  }

  async #predecessorOf({ teamId, replaces }: KeyView): Promise<Activity['predecessor']> {
    const old = replaces === null ? null : await this.#find(teamId, replaces);
    if (old?.state !== 'rotating') return null;
    const { hint, expiresAt, isAwaitingSuccessor } = old;
    return { ...(await this.#useOf(old)), hint, expiresAt, isAwaitingFirstUse: isAwaitingSuccessor };
  }

  async #useOf({ id, state, lastUsedAt, lastUsedWith, lastUsedFrom }: KeyView) {
    return { id, state, lastUsedAt, lastUsedWith, lastUsedFrom, running: await this.#runningUnder(id) };
  }

  /** Null where no gateway has answered: that nothing runs is not known then. */
  async #runningUnder(keyId: KeyId): Promise<Activity['running']> {
    const counts = await this.bus.survey(countRunning, { keyId });
    if (counts.length === 0) return null;
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    return {
      requests: sum(counts.map(({ requests }) => requests)),
      streams: sum(counts.map(({ streams }) => streams)),
      gateways: counts.length,
    };
  }

  async #find(teamId: KeyView['teamId'], id: KeyId): Promise<KeyView | null> {
    try {
      return await this.bus.ask(getKey, { teamId, id });
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'not_found') return null;
      throw error;
    }
  }
}
