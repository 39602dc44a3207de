import type { HoldAnswer, KeyId, RateStandings } from '@orgn/contracts';
import type { Admission } from '@orgn/service-kit';
import type { OpenHold } from './hold-order.ts';
import { RateWindow } from './rate-window.ts';

type TooFast = Extract<HoldAnswer, { state: 'too_fast' }>;
type Rated = Pick<Admission, 'lineageId' | 'rpm' | 'tpm'>;

interface Windows {
  requests: RateWindow;
  tokens: RateWindow;
  /** What others counted before is in them, or was guessed. */
  isComplete: boolean;
}

/** What was counted of a lineage, at a moment of monotonic time, in milliseconds. */
export interface Counted {
  lineageId: KeyId;
  at: number;
  requests: number;
  tokens: number;
}

/** Requests and tokens a minute of each key's lineage. Only its owner counts them, so they hold over all gateways. */
export class Rates {
  readonly #lineages = new Map<KeyId, Windows>();

  /** @param said is told of everything that is counted here */
  constructor(private readonly said: (counted: Counted) => void = () => undefined) {}

  /**
   * Counts a request, with all the tokens that it may have. @returns why it comes too soon; nothing is counted then
   * @param isBlind an owner before this one may have counted in the last minute what nobody has said here: half of the limit is
   * taken to be used up
   */
  take({ lineageId, rpm, tpm }: Admission, tokens: number, isBlind: boolean): TooFast | undefined {
    if (rpm === null && tpm === null) return undefined;
    const windows = this.#windowsOf({ lineageId, rpm, tpm }, isBlind);
    const tooFast = (what: TooFast['what'], retryMs: number): TooFast => ({
      state: 'too_fast',
      what,
      retryMs,
      rates: this.standingsOf({ lineageId, rpm, tpm }),
    });
    const at = performance.now();
    const requestsMs = windows.requests.take(1, rpm ?? Infinity);
    if (requestsMs > 0) return tooFast('requests', requestsMs);
    const tokensMs = windows.tokens.take(tokens, tpm ?? Infinity);
    if (tokensMs === 0) this.said({ lineageId, at, requests: 1, tokens });
    if (tokensMs === 0) return undefined;
    windows.requests.add(at, -1);
    return tooFast('tokens', tokensMs);
  }

  /** A request used fewer tokens than it might have, or did not run. */
  ended({ order: { admission, tokens }, at }: Pick<OpenHold, 'order' | 'at'>, used: number | undefined): void {
    const { lineageId, rpm, tpm } = admission;
    if (rpm === null && tpm === null) return;
    const less = { lineageId, at, requests: used === undefined ? -1 : 0, tokens: Math.min(0, (used ?? 0) - tokens) };
    this.heard(less);
    this.said(less);
  }

  /** What was counted elsewhere. */
  heard({ lineageId, at, requests, tokens }: Counted): void {
    const windows = this.#lineages.get(lineageId) ?? newWindows();
    this.#lineages.set(lineageId, windows);
    windows.requests.add(at, requests);
    windows.tokens.add(at, tokens);
  }

  standingsOf({ lineageId, rpm, tpm }: Rated): RateStandings {
    const windows = this.#lineages.get(lineageId);
    return {
      ...(rpm !== null && { requests: (windows?.requests ?? new RateWindow()).standing(rpm) }),
      ...(tpm !== null && { tokens: (windows?.tokens ?? new RateWindow()).standing(tpm) }),
    };
  }

  tidy(): void {
    for (const [id, { requests, tokens }] of this.#lineages)
      if (requests.isEmpty && tokens.isEmpty) this.#lineages.delete(id);
  }

  #windowsOf({ lineageId, rpm, tpm }: Rated, isBlind: boolean): Windows {
    const windows = this.#lineages.get(lineageId) ?? newWindows();
    this.#lineages.set(lineageId, windows);
    if (isBlind && !windows.isComplete) {
      windows.requests.take(Math.floor((rpm ?? 0) / 2), Infinity);
      windows.tokens.take(Math.floor((tpm ?? 0) / 2), Infinity);
    }
    windows.isComplete = true;
    return windows;
  }
}

function newWindows(): Windows {
  return { requests: new RateWindow(), tokens: new RateWindow(), isComplete: false };
}
