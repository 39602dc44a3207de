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
    const subject = percent >= 100 ? `Used up: ${whose[kind]}` : `${percent} % used: ${whose[kind]}`;
    this.notices.tell(teamId, { subject, text: this.#textOf(alert) }, { teamId, alert: alert.id });
  }

  #textOf({ teamId, kind, subject, period, percent, limitNanoUsd, usedNanoUsd }: Alert): string {
    const of = kind === 'balance' ? 'since money last came in' : period === 'total' ? 'in all' : `this ${period}`;
    const what = subject === '' ? '' : ` (${subject})`;
    return [
      `${percent} % of ${whose[kind]}${what} is used: ${usd(usedNanoUsd)} of ${usd(limitNanoUsd)} USD ${of}.`,
      percent >= 100
        ? 'Requests that it does not cover are refused until it is raised, topped up, or begins anew.'
        : 'Nothing is refused yet.',
      `See it, top it up or raise it: ${this.config.CONSOLE_URL}/teams/${teamId}/billing`,
    ].join('\n\n');
  }
}

function usd(nanoUsd: string): string {
  const amount = BigInt(nanoUsd);
  return formatUsd(amount < 0n ? 0n : amount).replace(/0{1,7}$/, '');
}
