import { Injectable } from '@nestjs/common';
import type { LeakAction } from '@orgn/console-api';
import { disableKey, revokeKey, type ClientContext, type KeyChange, type KeyView } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { KeyEntries } from '../keys/key-entries.ts';
import { OwnerNotices } from '../mail/owner-notices.ts';
import { LeakPolicy, type LeakedKey } from './leak-policy.ts';

/** What is done about leaked keys. */
@Injectable()
export class LeakResponse {
  constructor(
    private readonly bus: Bus,
    private readonly policy: LeakPolicy,
    private readonly entries: KeyEntries,
    private readonly notices: OwnerNotices,
  ) {}

  /** Revokes or disables each key, as its team wishes. A report that was acted on before is not acted on again. */
  async act(leaked: readonly LeakedKey[], client: ClientContext): Promise<void> {
    for (const { key, fingerprints } of await this.policy.fresh(leaked)) {
      await this.#end(key, await this.policy.actionOf(key.teamId), client);
      await this.policy.note(key.id, fingerprints);
    }
  }

  async #end(key: KeyView, action: LeakAction, client: ClientContext): Promise<void> {
    if (key.state === 'revoked' || key.state === 'expired') return;
    const isRevoked = action === 'revoke';
    const change = await (isRevoked ? this.#revoke(key) : this.#disable(key));
    const by = { actor: { kind: 'scanner' }, client } as const;
    await this.entries.stateChanged(isRevoked ? 'key.revoked' : 'key.disabled', change, by);
    if (change.before.state !== change.after.state) {
      this.notices.keyEnded(change.after, isRevoked ? 'reported_revoked' : 'reported_disabled');
    }
  }

  #revoke({ id, teamId }: KeyView): Promise<KeyChange> {
    return this.bus.ask(revokeKey, { key: { id, teamId }, reason: 'leaked', isConfirmed: true });
  }

  #disable({ id, teamId }: KeyView): Promise<KeyChange> {
    return this.bus.ask(disableKey, { teamId, id });
  }
}
