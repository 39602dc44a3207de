import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  canonicalJson,
  furtherQuestions,
  Malformed,
  productionRoots,
  shownGpuChecks,
  verifySession,
  withDevelopmentRoots,
  type AttestationPolicy,
  type SessionEvidence,
  type Verification as VerificationGiven,
  type VerifiedSession,
} from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { RouterConfig } from '../config.ts';
import type { ProviderEndpoint, ProviderName } from '../providers/provider.ts';
import { AttestationMetrics } from './attestation.metrics.ts';
import { composeIn } from './compose-file.ts';
import { GpuLeases, withoutGpus } from './gpu-leases.ts';
import { byOperators } from './operators-word.ts';
import type { SingleConnection } from './pinned-connections.client.ts';
import { Policies } from './policies.ts';
import { Witnesses } from './witnesses.ts';

/** What came of asking an enclave to prove itself. */
export interface Verification {
  readonly evidence: SessionEvidence;
  readonly evidenceDigest: string;
  readonly verified: VerifiedSession;
  readonly policy: AttestationPolicy;
  /** When the report was asked for, in milliseconds since 1970. */
  readonly askedAt: number;
  /** The time that it was verified at. */
  readonly verifiedAt: number;
}

type Judged = Pick<Verification, 'evidence' | 'verified' | 'policy' | 'verifiedAt'>;
/** What came over the connection. */
type Served = Pick<SessionEvidence, 'report' | 'nonce' | 'peerSpki'>;

/** Asks an enclave, Intel and NVIDIA for all that proves it, and verifies that. */
@Injectable()
export class EnclaveVerifier {
  readonly #leases: GpuLeases;

  constructor(
    private readonly config: RouterConfig,
    private readonly policies: Policies,
    private readonly witnesses: Witnesses,
    private readonly metrics: AttestationMetrics,
  ) {
    this.#leases = new GpuLeases(config.ATTESTATION_MAX_AGE * 1_000);
  }

  /** @throws ServiceError `provider_unavailable` when what is needed cannot be had */
  async verifyOver(
    connection: SingleConnection,
    provider: ProviderName,
    endpoint: ProviderEndpoint,
  ): Promise<Verification> {
    const askedAt = Date.now();
    const nonce = randomBytes(32).toString('hex');
    const report = await this.witnesses.reports.reportOver(connection, endpoint, nonce);
    const served = { report, nonce, peerSpki: connection.spki?.toString('base64') ?? null };
    const judged = (await this.#byLease(served, provider)) ?? (await this.#inFull(served, provider));
    const { evidence, verified } = judged;
    this.metrics.verified(provider, verified.verdict, (Date.now() - askedAt) / 1000);
    if (verified.verdict.status !== 'verified') this.witnesses.collateral.forget();
    const evidenceDigest = createHash('sha256').update(canonicalJson(evidence)).digest('hex');
    return { ...judged, evidenceDigest, askedAt };
  }

  /** By what the machine has proven of its GPUs lately. @returns undefined where that does not do: then all of it is asked */
  async #byLease(served: Served, provider: ProviderName): Promise<Judged | undefined> {
    const gpus = this.#leases.of(served.peerSpki);
    const report = gpus && withoutGpus(served.report);
    if (!gpus || report === undefined || !(await this.#showsGpus(served, provider))) return undefined;
    const evidence = { ...served, report, ...(await this.#statementsFor(report, served.nonce)), gpus };
    const judged = await this.#judge(evidence, provider, Date.now());
    return judged.verified.verdict.status === 'verified' ? judged : undefined;
  }

  /** Whether the GPUs that the report shows answer for themselves: only NVIDIA's word on them is of an earlier time. */
  async #showsGpus({ report, nonce }: Served, provider: ProviderName): Promise<boolean> {
    try {
      const checks = await shownGpuChecks(report, nonce, this.#given(this.policies.policyFor(provider), Date.now()));
      return checks.length > 0 && checks.every(({ status }) => status === 'pass');
    } catch (error) {
      if (error instanceof Malformed) return false;
      throw error;
    }
  }

  async #inFull(served: Served, provider: ProviderName): Promise<Judged> {
    const evidence = { ...served, ...(await this.#statementsFor(served.report, served.nonce)) };
    const judged = await this.#judge(evidence, provider, Date.now());
    if (judged.verified.verdict.status === 'verified') this.#leases.note(evidence, judged.verifiedAt);
    else this.#leases.drop(served.peerSpki);
    return judged;
  }

  /** What Intel and NVIDIA said counts no more: the next verification asks anew. */
  forgetStatements(): void {
    this.#leases.clear();
    this.witnesses.collateral.forget();
  }

  /** What Intel and NVIDIA say; of a report that cannot be read nobody is asked, and it fails by that. */
  async #statementsFor(report: string, nonce: string): Promise<Pick<SessionEvidence, 'collateral' | 'nras'>> {
    let questions;
    try {
      questions = furtherQuestions(report, nonce, nodeCrypto);
    } catch (error) {
      if (error instanceof Malformed) return { collateral: [], nras: null };
      throw error;
    }
    const [nras, ...collateral] = await Promise.all([
      questions.gpus === null ? null : this.witnesses.nras.attest(questions.gpus),
      ...questions.machines.map((machine) => this.witnesses.collateral.collateralFor(machine)),
    ]);
    return { collateral, nras };
  }

  async #judge(evidence: SessionEvidence, provider: ProviderName, at: number): Promise<Judged> {
    const policy = this.policies.policyFor(provider);
    const judged = { evidence, policy, verifiedAt: at, verified: await this.#verify(evidence, policy, at) };
    const { verdict, facts } = judged.verified;
    const { measurements } = facts;
    if (this.policies.isRefused(provider, measurements)) return byOperators(judged, 'refused');
    const isNew = [...verdict.failed, ...verdict.unknown].join() === 'measurements';
    if (!isNew || !measurements) return judged;
    const compose = composeIn(evidence.report, measurements.composeHash);
    this.policies.sawUnapproved(provider, { measured: measurements, compose });
    if (this.policies.isPinned(provider)) return judged;
    // In development what is seen first is taken, where nobody has said what may be.
    const isLearnt = this.#allowsDevelopment && policy.measurements.length === 0;
    if (!isLearnt) return byOperators(judged, 'waiting');
    this.policies.learn(provider, measurements);
    const learnt = this.policies.policyFor(provider);
    return { ...judged, policy: learnt, verified: await this.#verify(evidence, learnt, at) };
  }

  #verify(evidence: SessionEvidence, policy: AttestationPolicy, at: number): Promise<VerifiedSession> {
    return verifySession(evidence, this.#given(policy, at));
  }

  #given(policy: AttestationPolicy, at: number): VerificationGiven {
    const roots = this.#allowsDevelopment ? withDevelopmentRoots(productionRoots) : productionRoots;
    return { policy, roots, at, crypto: nodeCrypto };
  }

  get #allowsDevelopment(): boolean {
    return this.config.ATTESTATION_DEVELOPMENT_ROOT === 'allow';
  }
}
