import { Injectable } from '@nestjs/common';
import type { ConsoleKey, keyRoutes } from '@orgn/console-api';
import { disableKey, enableKey, extendKey, revokeKey, updateKey } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { byCaller } from '../audit/by-caller.ts';
import type { ConsoleCall } from '../console/console-call.ts';
import { Granting } from './granting.ts';
import { KeyEntries } from './key-entries.ts';
import { isLoosening } from './loosening.ts';
import { ShownKeys } from './shown-keys.ts';

/** Changes of a key that is there already. What takes something away is told to the registry before it is written down. */
@Injectable()
export class KeyChangesService {
  constructor(
    private readonly bus: Bus,
    private readonly shown: ShownKeys,
    private readonly entries: KeyEntries,
    private readonly granting: Granting,
  ) {}

  /** @throws ServiceError `reauthentication_required` when the key could do more afterwards and the sign-in is old */
  async update(call: ConsoleCall<typeof keyRoutes.update>): Promise<ConsoleKey> {
    const key = await this.shown.require(call, 'keys.update');
    if (!isLoosening(key, call.body)) return this.#update(call);
    return this.granting.grant(call, 'keys.update', (held) => this.#update(held));
  }

  /** @throws ServiceError `confirmation_required` for a team's only active key that is in use */
  async revoke(call: ConsoleCall<typeof keyRoutes.revoke>): Promise<ConsoleKey> {
    const { id, teamId } = await this.shown.require(call, 'keys.revoke');
    const { reason, confirm } = call.body;
    const change = await this.bus.ask(revokeKey, { key: { id, teamId }, reason, isConfirmed: confirm });
    await this.entries.stateChanged('key.revoked', change, byCaller(call));
    return this.shown.one(change.after);
  }

  async disable(call: ConsoleCall<typeof keyRoutes.disable>): Promise<ConsoleKey> {
    const { id, teamId } = await this.shown.require(call, 'keys.disable');
    const change = await this.bus.ask(disableKey, { teamId, id });
    await this.entries.stateChanged('key.disabled', change, byCaller(call));
    return this.shown.one(change.after);
  }

  /**
   * A key whose owner has left becomes the caller's: somebody in the team answers for every key that is accepted.
   * @throws ServiceError `reauthentication_required` when the sign-in is old, `not_found` when the caller is leaving
   */
  enable(call: ConsoleCall<typeof keyRoutes.enable>): Promise<ConsoleKey> {
    return this.granting.grant(call, 'keys.enable', async (held) => {
      const { id, teamId } = await this.shown.require(held, 'keys.enable');
      const change = await this.bus.ask(enableKey, { teamId, id, adoptBy: call.caller.userId });
      await this.entries.stateChanged('key.enabled', change, byCaller(call));
      return this.shown.one(change.after);
    });
  }

  /** Gives a replaced key more time. @throws ServiceError `request_conflict` unless it is in its grace period */
  extend(call: ConsoleCall<typeof keyRoutes.extend>): Promise<ConsoleKey> {
    return this.granting.grant(call, 'keys.rotate', async (held) => {
      const { id, teamId } = await this.shown.require(held, 'keys.rotate');
      const change = await this.bus.ask(extendKey, { teamId, id, ...call.body });
      await this.entries.extended(change, call.body.graceSeconds, byCaller(call));
      return this.shown.one(change.after);
    });
  }

  async #update(call: ConsoleCall<typeof keyRoutes.update>): Promise<ConsoleKey> {
    const { id, teamId } = await this.shown.require(call, 'keys.update');
    const change = await this.bus.ask(updateKey, { teamId, id, changes: call.body });
    await this.entries.updated(change, Object.keys(call.body), byCaller(call));
    return this.shown.one(change.after);
  }
}
