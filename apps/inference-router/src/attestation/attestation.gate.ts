import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import type { TeeDemands } from '@orgn/dialects';
import { RouterConfig } from '../config.ts';
import type { CataloguedModel } from '../catalogue/catalogue.service.ts';
import { SessionsService, type Lease } from './sessions.service.ts';

/** Result of checking an enclave. A check that did not run is `unknown`, never a pass. */
export type AttestationStatus = 'verified' | 'unknown';

/** What is known of where a request goes. */
export interface Attestation {
  readonly status: AttestationStatus;
  /** What it travels by; undefined where nobody could be asked. */
  readonly lease: Lease | undefined;
}

/**
 * Decides whether a prompt may leave for a model. Enclaves that are reached by TLS are verified; one in the clear cannot be,
 * and is spoken to in development alone.
 */
@Injectable()
export class AttestationGate {
  constructor(
    private readonly config: RouterConfig,
    private readonly sessions: SessionsService,
  ) {}

  /** For people: the state of each enclave, who is asked about them, and whether one that is not verified is spoken to. */
  describe() {
    const { enclaves, statements } = this.sessions.describe();
    return { enclaves, statements, takesUnverified: this.takesUnverified };
  }

  /** Whether prompts may leave for enclaves that nobody has verified. */
  get takesUnverified(): boolean {
    return this.config.NODE_ENV !== 'production';
  }

  /** @throws ServiceError `attestation_failed` when nothing could be sent to the model now */
  async require(model: CataloguedModel, demands?: TeeDemands): Promise<void> {
    if (model.execution !== 'tee' || this.#isUnattestable(model, demands)) return;
    await this.sessions.require(model.provider, demands);
  }

  /**
   * @returns what the request may travel by; undefined for models outside of enclaves
   * @throws ServiceError `attestation_failed`
   */
  async admit(model: CataloguedModel, demands?: TeeDemands): Promise<Attestation | undefined> {
    if (model.execution !== 'tee') return undefined;
    if (this.#isUnattestable(model, demands)) return { status: 'unknown', lease: undefined };
    return { status: 'verified', lease: await this.sessions.lease(model.provider, demands) };
  }

  /** @throws ServiceError where that is not borne: in production, or when the request demands more than `tee` */
  #isUnattestable({ provider }: CataloguedModel, demands: TeeDemands | undefined): boolean {
    if (this.sessions.isAttestable(provider)) return false;
    const demandsMore = demands && (demands.isGpu || demands.isInstance || demands.tcb !== null);
    if (this.takesUnverified && !demandsMore) return true;
    throw new ServiceError('attestation_failed', 'The enclave of this model cannot be verified, so nothing was sent.', {
      checks: [{ id: 'report_form', status: 'unknown' }],
    });
  }
}
