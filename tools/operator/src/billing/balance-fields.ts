import type { Balance } from '@orgn/contracts';
import { toUsd } from '../output/usd.ts';

/** A balance as a person reads it. */
export function toBalanceFields(balance: Balance): [string, string][] {
  const usd = (nanoUsd: string) => `${toUsd(nanoUsd)} USD`;
  return [
    ['team', balance.teamId],
    ['billing', balance.billing],
    ['funds', usd(balance.fundsNanoUsd)],
    ['held', usd(balance.heldNanoUsd)],
    ['available', usd(balance.availableNanoUsd)],
    ['owed', usd(balance.owedNanoUsd)],
    ['used', usd(balance.usedNanoUsd)],
    ['of that not billed', usd(balance.waivedNanoUsd)],
  ];
}
