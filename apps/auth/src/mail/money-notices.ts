import { Injectable } from '@nestjs/common';
import type { Alert } from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import { AuthConfig } from '../config.ts';
import { OwnerNotices } from './owner-notices.ts';

const whose: Record<Alert['kind'], string> = {
  balance: 'the balance of your team',
  team: 'the monthly budget of your team',
  member: 'the monthly budget of a member of your team',
  lineage: 'the budget of an API key of your team',
};

/** Tells owners that a limit of their team is nearly used up. */
@Injectable()
export class MoneyNotices {
  constructor(
    private readonly notices: OwnerNotices,
    private readonly config: AuthConfig,
  ) {}

  alert(alert: Alert): void {
    const { teamId, percent, kind } = alert;
    const state = percent < 100 ? `${percent} % used` : isShort(alert) ? 'Too little left' : 'Used up';
    const subject = `${state}: ${whose[kind]}`;
    this.notices.tell(teamId, { subject, text: this.#textOf(alert) }, { teamId, alert: alert.id });
  }

  #textOf(alert: Alert): string {
    const { teamId, kind, subject, period, percent, limitNanoUsd, usedNanoUsd } = alert;
    const of = kind === 'balance' ? 'since money last came in' : period === 'total' ? 'in all' : `this ${period}`;
    const what = subject === '' ? '' : ` (${subject})`;
    return [
      isShort(alert)
        ? `What is left of ${whose[kind]}${what} did not cover a request: ${usd(usedNanoUsd)} of ${usd(limitNanoUsd)} USD are used ${of}.`
        : `${percent} % of ${whose[kind]}${what} is used: ${usd(usedNanoUsd)} of ${usd(limitNanoUsd)} USD ${of}.`,
      consequenceOf(alert),
      `See it, top it up or raise it: ${this.config.CONSOLE_URL}/teams/${teamId}/billing`,
    ].join('\n\n');
  }
}

/** It stands for a request that was refused before all was used. */
function isShort({ percent, limitNanoUsd, usedNanoUsd }: Alert): boolean {
  return percent >= 100 && BigInt(usedNanoUsd) < BigInt(limitNanoUsd);
}

function consequenceOf({ percent, isSoft }: Alert): string {
  if (isSoft) return 'Nothing is refused: this budget only warns.';
  if (percent < 100) return 'Nothing is refused yet.';
  return 'Requests that it does not cover are refused until it is raised, topped up, or begins anew.';
}

function usd(nanoUsd: string): string {
  const amount = BigInt(nanoUsd);
  return formatUsd(amount < 0n ? 0n : amount).replace(/0{1,7}$/, '');
}
