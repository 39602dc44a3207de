import { Injectable } from '@nestjs/common';
import type { Measured } from '../archive/measurements.repository.ts';
import { providerNames, type ProviderName } from '../providers/provider.ts';
import { Policies, type HearUnapproved } from './policies.ts';
import { SessionsService } from './sessions.service.ts';

/** What somebody decided on, of a provider. */
export interface Decided {
  readonly id: string;
  readonly provider: string;
  readonly measured: Measured;
  readonly state: 'approved' | 'refused';
}

/** Lets decisions count: in what is demanded, and for the sessions that there are. */
@Injectable()
export class ApprovedSessions {
  readonly #known = new Map<ProviderName, string>();

  constructor(
    private readonly policies: Policies,
    private readonly sessions: SessionsService,
  ) {}

  /** Is told what an enclave runs that is good in everything but that nobody approved it. */
  onUnapproved(hear: HearUnapproved): void {
    this.policies.onUnapproved(hear);
  }

  /** Enclaves of whom something else was decided are verified anew, so that a decision counts at once. */
  async take(decided: readonly Decided[]): Promise<void> {
    for (const provider of providerNames) {
      const own = decided.filter((one) => one.provider === provider);
      const known = own.map(({ id, state }) => `${id} ${state}`).toSorted();
      if (known.join() === (this.#known.get(provider) ?? '')) continue;
      this.#known.set(provider, known.join());
      this.policies.decide(provider, {
        approved: own.filter(({ state }) => state === 'approved').map(ruleOf),
        refused: own.filter(({ state }) => state === 'refused').map(({ id }) => id),
      });
      await this.sessions.renew(provider);
    }
  }
}

const ruleOf = ({ id, measured }: Decided) => ({ ...measured, name: `approved ${id.slice(0, 12)}` });
