import { Injectable } from '@nestjs/common';
import type { Measurements } from '@orgn/attestation';
import type { Measured } from '../archive/measurements.repository.ts';
import { providerNames, type ProviderName } from '../providers/provider.ts';
import { Policies } from './policies.ts';
import { SessionsService } from './sessions.service.ts';

/** What somebody approved, of a provider. */
export interface Approved {
  readonly id: string;
  readonly provider: string;
  readonly measured: Measured;
}

/** Lets approvals count: in what is demanded, and for the sessions that there are. */
@Injectable()
export class ApprovedSessions {
  readonly #known = new Map<ProviderName, string>();

  constructor(
    private readonly policies: Policies,
    private readonly sessions: SessionsService,
  ) {}

  /** Is told what an enclave runs that is good in everything but that nobody approved it. */
  onUnapproved(hear: (provider: ProviderName, measured: Measurements) => void): void {
    this.policies.onUnapproved(hear);
  }

  /** Enclaves whose approvals have changed are verified anew, so that a decision counts at once. */
  async take(approved: readonly Approved[]): Promise<void> {
    for (const provider of providerNames) {
      const own = approved.filter((one) => one.provider === provider);
      const ids = own
        .map(({ id }) => id)
        .sort()
        .join();
      if (ids === (this.#known.get(provider) ?? '')) continue;
      this.#known.set(provider, ids);
      this.policies.approve(
        provider,
        own.map(({ id, measured }) => ({ ...measured, name: `approved ${id.slice(0, 12)}` })),
      );
      await this.sessions.renew(provider);
    }
  }
}
