import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { attestationWatched, type PayloadOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';

/** A word counts for three of the five seconds in which the next one comes. */
const COUNTS_MS = 15_000;

type Word = PayloadOf<typeof attestationWatched>;
type Enclave = Word['enclaves'][string];

/** How a provider's enclave stands at the router where it stands worst. */
export interface EnclaveReport {
  /** `unknown`: nothing is wrong with it, and yet it could not be verified, or waits for an operator. */
  status: 'verified' | 'failed' | 'unknown';
  /** By evidence that everybody can make. */
  development: boolean;
  verified_at: string | null;
  /** Ids of checks that did not pass. */
  failed: string[];
}

/** What routers say of enclaves, and of who is asked about them. */
@Injectable()
export class EnclaveStates implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #words = new Map<string, { word: Word; at: number }>();
  #stopListening: () => void = () => undefined;

  constructor(private readonly bus: Bus) {}

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(attestationWatched, (word) => {
      this.#words.set(word.router, { word, at: performance.now() });
    });
  }

  onModuleDestroy(): void {
    this.#stopListening();
  }

  /** By provider, and by what is asked of Intel (`tcb_info`, `pck_crl` …) and of NVIDIA (`nras`, `jwks`). */
  report(): { enclaves: Record<string, EnclaveReport>; statements: Word['statements'] } {
    const enclaves: Record<string, EnclaveReport> = {};
    const statements: Word['statements'] = {};
    for (const word of this.#current()) {
      for (const [name, enclave] of Object.entries(word.enclaves))
        enclaves[name] = worst(enclaves[name], toReport(enclave));
      for (const [name, outcome] of Object.entries(word.statements))
        if (statements[name] !== 'failed') statements[name] = outcome;
    }
    return { enclaves, statements };
  }

  #current(): Word[] {
    const since = performance.now() - COUNTS_MS;
    for (const [name, { at }] of this.#words) if (at < since) this.#words.delete(name);
    return [...this.#words.values()].map(({ word }) => word);
  }
}

const byWorth: EnclaveReport['status'][] = ['failed', 'unknown', 'verified'];

const worst = (one: EnclaveReport | undefined, other: EnclaveReport): EnclaveReport =>
  one && byWorth.indexOf(one.status) <= byWorth.indexOf(other.status) ? one : other;

function toReport({ isVerified, isDevelopment, verifiedAt, failed, isUnknown }: Enclave): EnclaveReport {
  const status = isVerified ? 'verified' : isUnknown ? 'unknown' : 'failed';
  return { status, development: isDevelopment, verified_at: verifiedAt, failed };
}
