import { readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';
import {
  checkIds,
  reportForms,
  strictPolicy,
  tcbStatuses,
  type AttestationPolicy,
  type CheckId,
  type Measurements,
} from '@orgn/attestation';
import { z } from 'zod';
import { measuredOf, measurementId } from '../archive/measurements.repository.ts';
import { RouterConfig } from '../config.ts';
import type { ProviderName } from '../providers/provider.ts';

const hex = z.string().regex(/^[0-9a-f]*$/);
const rule = z.strictObject({
  name: z.string().min(1).max(200),
  ...Object.fromEntries(
    (['mrtd', 'rtmr0', 'rtmr1', 'rtmr2', 'rtmr3', 'mrSeam', 'mrConfigId', 'appId'] as const).map((name) => [
      name,
      hex.optional(),
    ]),
  ),
  instanceId: hex.optional(),
  composeHash: hex.optional(),
  osImageHash: hex.optional(),
  mrKms: hex.optional(),
  keyProvider: z.string().optional(),
  imageDigests: z.array(z.string().regex(/^sha256:[0-9a-f]{64}$/)).optional(),
});
/** What no report shows. A router sees to the first two always, and to the third for each request where it is demanded. */
const ofConnections: readonly CheckId[] = ['key_attested', 'session_fresh', 'instance_attested'];
/** What shows when an answer is there: nobody can refuse by it what was sent long before. */
const ofAnswers: readonly CheckId[] = [
  ...(['signature_present', 'response_signature', 'signer_attested', 'request_hash'] as const),
  ...(['response_hash', 'signed_model', 'session_bracket'] as const),
];
const demandable = z
  .enum(checkIds as [CheckId])
  .refine((id) => !ofAnswers.includes(id), 'cannot be demanded before there is an answer');

const policy = z
  .strictObject({
    require: z.array(demandable),
    forms: z.array(z.enum(reportForms)),
    tcbStatuses: z.array(z.enum(tcbStatuses)),
    advisories: z.array(z.string()).nullable(),
    minimumTcbEvaluation: z.int().min(0),
    tdAttributes: z.array(hex.length(16)).nullable(),
    xfams: z.array(hex.length(16)).nullable(),
    gpus: z.strictObject({ minimum: z.int().min(0), exactly: z.int().min(0).nullable() }),
    measurements: z.array(rule),
  })
  .partial();
const policies = z.strictObject({ default: policy, near: policy, phala: policy }).partial();

/** What operators said of what was measured at a provider's. */
export interface Decisions {
  readonly approved: AttestationPolicy['measurements'];
  /** Names of measurements. */
  readonly refused: readonly string[];
}

/** Software that nobody approved. */
export interface Unapproved {
  readonly measured: Measurements;
  /** Its compose file, where its hash is that of what was measured. */
  readonly compose: string | null;
}

export type HearUnapproved = (provider: ProviderName, unapproved: Unapproved) => void;

/** What this deployment demands of each provider's enclaves, from the file that ATTESTATION_POLICY names. */
@Injectable()
export class Policies {
  readonly #stated: z.output<typeof policies>;
  readonly #learnt = new Map<ProviderName, AttestationPolicy['measurements']>();
  readonly #decided = new Map<ProviderName, Decisions>();
  #hearUnapproved: HearUnapproved = () => undefined;

  constructor(config: RouterConfig) {
    this.#stated = config.ATTESTATION_POLICY ? readPolicies(config.ATTESTATION_POLICY) : {};
  }

  policyFor(provider: ProviderName): AttestationPolicy {
    const stated = this.#statedFor(provider);
    const others = [...(this.#decided.get(provider)?.approved ?? []), ...(this.#learnt.get(provider) ?? [])];
    const require = stated.require.filter((id) => !ofConnections.includes(id));
    return { ...stated, require, measurements: [...stated.measurements, ...others] };
  }

  /** Whether each connection must have been attested itself. */
  demandsInstance(provider: ProviderName): boolean {
    return this.#statedFor(provider).require.includes('instance_attested');
  }

  /** Whether the file lists what may be: what it does not list is wrong then, and not only unknown. */
  isPinned(provider: ProviderName): boolean {
    return this.#statedFor(provider).measurements.length > 0;
  }

  #statedFor(provider: ProviderName): AttestationPolicy {
    const own = provider === 'near' || provider === 'phala' ? this.#stated[provider] : undefined;
    return { ...strictPolicy, ...this.#stated.default, ...own } as AttestationPolicy;
  }

  /** What operators approved and refused beside the file. */
  decide(provider: ProviderName, decisions: Decisions): void {
    this.#decided.set(provider, decisions);
  }

  /** Whether operators refused what was measured: that counts before any rule. */
  isRefused(provider: ProviderName, measured: Measurements | null): boolean {
    const refused = this.#decided.get(provider)?.refused ?? [];
    if (measured === null || refused.length === 0) return false;
    return refused.includes(measurementId(provider, measuredOf(measured)));
  }

  onUnapproved(hear: HearUnapproved): void {
    this.#hearUnapproved = hear;
  }

  /** An enclave is good in everything but that nobody approved what it runs. */
  sawUnapproved(provider: ProviderName, unapproved: Unapproved): void {
    this.#hearUnapproved(provider, unapproved);
  }

  /** Approves what was measured first, where nobody has said what may be: for development alone. */
  learn(provider: ProviderName, measured: Measurements): void {
    const { mrtd, rtmr0, rtmr1, rtmr2, composeHash, osImageHash, appId } = measured;
    const name = `first seen at ${provider}`;
    this.#learnt.set(provider, [{ name, mrtd, rtmr0, rtmr1, rtmr2, composeHash, osImageHash, appId }]);
  }
}

/** @throws Error that names the file and what is wrong with it; a deployment does not start with half a policy */
function readPolicies(path: string): z.output<typeof policies> {
  const parsed = policies.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
  throw new Error(`ATTESTATION_POLICY ${path}: ${places.join('; ')}`);
}
