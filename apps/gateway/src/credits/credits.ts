import type { Balance } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';

/** A team's balance: as OpenRouter's clients read it in `data`, and exactly, as decimal USD. */
export interface Credits {
  object: 'credits';
  /** USD, as numbers: what was paid in less what was paid back, and what of it was used. */
  data: { total_credits: number; total_usage: number };
  billing: Balance['billing'];
  /** Funds less what is owed. */
  balance: string;
  /** Of the funds, what is held for requests that run, and what is not. */
  held: string;
  available: string;
  owed: string;
}

export function toCredits(balance: Balance): Credits {
  const [funds, owed, used, waived] = [
    balance.fundsNanoUsd,
    balance.owedNanoUsd,
    balance.usedNanoUsd,
    balance.waivedNanoUsd,
  ].map(BigInt) as [bigint, bigint, bigint, bigint];
  const billed = used - waived;
  return {
    object: 'credits',
    data: { total_credits: Number(funds - owed + billed) / 1e9, total_usage: Number(billed) / 1e9 },
    billing: balance.billing,
    balance: formatUsd(funds - owed),
    held: formatUsd(BigInt(balance.heldNanoUsd)),
    available: formatUsd(BigInt(balance.availableNanoUsd)),
    owed: formatUsd(owed),
  };
}
