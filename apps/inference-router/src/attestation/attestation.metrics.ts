import { Injectable } from '@nestjs/common';
import type { CheckId, Verdict } from '@orgn/attestation';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What an operator sees of attestation. */
@Injectable()
export class AttestationMetrics {
  readonly #verifications: Counter;
  readonly #checks: Counter;
  readonly #fetches: Counter;
  readonly #expiry: Gauge;
  readonly #seconds: Histogram;
  /** How it went last, by what was asked for. */
  readonly lastFetches = new Map<string, 'answered' | 'failed'>();

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = (name: string, help: string, labelNames: string[]) =>
      new Counter({ name, help, labelNames, registers });
    this.#verifications = counter('orgn_attestation_verifications_total', 'Verifications of enclaves, by verdict.', [
      'provider',
      'verdict',
    ]);
    this.#checks = counter('orgn_attestation_failed_checks_total', 'Checks of enclaves that did not pass.', [
      'provider',
      'check',
    ]);
    this.#fetches = counter('orgn_attestation_fetches_total', "Intel's and NVIDIA's statements that were asked for.", [
      'what',
      'outcome',
    ]);
    this.#expiry = new Gauge({
      name: 'orgn_attestation_session_expiry_seconds',
      help: 'When the last good verification of an enclave ends to count, as seconds since 1970; 0 when there is none.',
      labelNames: ['provider'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'orgn_attestation_verification_seconds',
      help: 'How long a verification took, with all that was fetched for it.',
      labelNames: ['provider'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
      registers,
    });
  }

  verified(provider: string, verdict: Verdict, seconds: number): void {
    this.#verifications.inc({ provider, verdict: verdict.status });
    this.#seconds.observe({ provider }, seconds);
    this.#failed(provider, [...verdict.failed, ...verdict.unknown]);
  }

  unreachable(provider: string): void {
    this.#verifications.inc({ provider, verdict: 'unreachable' });
  }

  validUntil(provider: string, milliseconds: number): void {
    this.#expiry.set({ provider }, milliseconds / 1000);
  }

  fetched(what: string, outcome: 'answered' | 'failed'): void {
    this.#fetches.inc({ what, outcome });
    this.lastFetches.set(what, outcome);
  }

  #failed(provider: string, ids: readonly CheckId[]): void {
    for (const check of ids) this.#checks.inc({ provider, check });
  }
}
