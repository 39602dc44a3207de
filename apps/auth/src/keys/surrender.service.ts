import { Injectable } from '@nestjs/common';
import {
  revokeKey,
  ServiceError,
  type KeyChange,
  type KeyView,
  type RequestOf,
  type surrenderKey,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { OwnerNotices } from '../mail/owner-notices.ts';
import { KeyEntries } from './key-entries.ts';

/** Possession is the authority: whoever holds a whole secret may end it. */
@Injectable()
export class SurrenderService {
  constructor(
    private readonly bus: Bus,
    private readonly entries: KeyEntries,
    private readonly notices: OwnerNotices,
  ) {}

  /** @throws ServiceError `invalid_api_key` */
  async surrender({ digest, client }: RequestOf<typeof surrenderKey>): Promise<KeyView> {
    const change = await this.#revoke(digest);
    await this.entries.stateChanged('key.revoked', change, { actor: { kind: 'holder' }, client });
    if (change.before.state !== 'revoked') this.notices.keyEnded(change.after, 'surrendered');
    return change.after;
  }

  async #revoke(digest: string): Promise<KeyChange> {
    try {
      return await this.bus.ask(revokeKey, { key: { digest }, reason: 'leaked', isConfirmed: true });
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'not_found') throw error;
      throw new ServiceError('invalid_api_key', 'This is not an API key of this deployment.');
    }
  }
}
