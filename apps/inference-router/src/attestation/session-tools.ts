import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { AttestationMetrics } from './attestation.metrics.ts';
import { EnclaveVerifier } from './enclave-verifier.ts';
import { Policies } from './policies.ts';

/** What sessions are established with, and where it is told. */
@Injectable()
export class SessionTools {
  constructor(
    readonly verifier: EnclaveVerifier,
    readonly policies: Policies,
    readonly metrics: AttestationMetrics,
    readonly log: ServiceLog,
  ) {}
}
