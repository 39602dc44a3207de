import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import type { CataloguedModel } from '../catalogue/catalogue.service.ts';
import { RouterConfig } from '../config.ts';

/** What is known of the place a prompt goes to. `unknown`: a check that did not run, which is never a pass. */
export type AttestationStatus = 'unknown';

/**
 * Asked before each request leaves for a provider. Enclaves cannot be verified yet, so a production deployment sends
 * nothing to them, and elsewhere their answers say that nothing was checked.
 */
@Injectable()
export class AttestationGate {
  constructor(private readonly config: RouterConfig) {}

  /** Whether prompts may leave for enclaves that were not verified. */
  get takesUnverified(): boolean {
    return this.config.NODE_ENV !== 'production';
  }

  /**
   * @returns what to say of the model's enclave; undefined for models that claim none
   * @throws ServiceError `attestation_failed` when no prompt may go there
   */
  async admit(model: CataloguedModel): Promise<AttestationStatus | undefined> {
    if (model.execution !== 'tee') return undefined;
    if (this.takesUnverified) return 'unknown';
    throw new ServiceError(
      'attestation_failed',
      'This release cannot verify enclaves yet, so it sends nothing to TEE models in production.',
    );
  }
}
