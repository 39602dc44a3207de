import { Injectable } from '@nestjs/common';
import { ServiceError, tellBalance, type KeyView, type TeamId } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import { Bus } from '@orgn/service-kit';
import { TeamKeys } from '../team-keys/team-keys.ts';

/** Names of keys that a refusal shows at most. */
const SHOWN_KEYS = 10;

/** What is lost with a team. */
@Injectable()
export class Losses {
  constructor(
    private readonly teamKeys: TeamKeys,
    private readonly bus: Bus,
  ) {}

  /** @throws ServiceError `confirmation_required` naming the keys that would stop working, and the balance */
  async requireNone(teamId: TeamId): Promise<void> {
    const lost = [...keysInWords(await this.teamKeys.living(teamId)), ...fundsInWords(await this.#fundsOf(teamId))];
    if (lost.length === 0) return;
    const message = `${lost.join(' ')} Send "confirm": true to delete the team all the same.`;
    throw new ServiceError('confirmation_required', message, { param: 'confirm' });
  }

  /** What the team has paid and not used, in nano-USD; null: it cannot be read. */
  async #fundsOf(teamId: TeamId): Promise<bigint | null> {
    try {
      return BigInt((await this.bus.ask(tellBalance, { teamId })).fundsNanoUsd);
    } catch {
      return null;
    }
  }
}

function keysInWords(keys: readonly KeyView[]): string[] {
  if (keys.length === 0) return [];
  const names = keys.slice(0, SHOWN_KEYS).map(({ name }) => name);
  const rest = keys.length > names.length ? ` and ${keys.length - names.length} more` : '';
  return [`These keys would stop working for good: ${names.join(', ')}${rest}.`];
}

function fundsInWords(funds: bigint | null): string[] {
  if (funds === null) return ['Whether it has a balance cannot be read at the moment; it would be lost.'];
  return funds === 0n ? [] : [`Its balance of ${formatUsd(funds)} USD would be lost.`];
}
