import type { HoldAnswer, KeyId, RateStandings } from '@orgn/contracts';
import type { Admission } from '@orgn/service-kit';
import type { OpenHold } from './hold-order.ts';
import { RateWindow } from './rate-window.ts';

type TooFast = Extract<HoldAnswer, { state: 'too_fast' }>;

interface Windows {
  requests: RateWindow;
  tokens: RateWindow;
}

const MINUTE_MS = 61_000;

/** Requests and tokens a minute of each key's lineage. Only its owner counts them, so they hold over all gateways. */
export class Rates {
  readonly #lineages = new Map<KeyId, Windows>();

  /**
   * Counts a request, with all the tokens that it may have. @returns why it comes too soon; nothing is counted then
   * @param since when this owner got the lineage's shard from another one: what that one counted is not known, so half of the
   * limit is taken to be used up; undefined: there was none
   */
  take({ lineageId, rpm, tpm }: Admission, tokens: number, since: number | undefined): TooFast | undefined {
    if (rpm === null && tpm === null) return undefined;
    const windows = this.#windowsOf(lineageId, { rpm, tpm }, since);
    const tooFast = (what: TooFast['what'], retryMs: number): TooFast => ({
      state: 'too_fast',
      what,
      retryMs,
      rates: this.standingsOf({ lineageId, rpm, tpm }),
    });
    const requestsMs = windows.requests.take(1, rpm ?? Infinity);
    if (requestsMs > 0) return tooFast('requests', requestsMs);
    const tokensMs = windows.tokens.take(tokens, tpm ?? Infinity);
    if (tokensMs === 0) return undefined;
    windows.requests.giveBack(performance.now(), 1);
    return tooFast('tokens', tokensMs);
  }

  /** A request used fewer tokens than it might have, or did not run. */
  ended({ order: { admission, tokens }, at }: Pick<OpenHold, 'order' | 'at'>, used: number | undefined): void {
    const windows = this.#lineages.get(admission.lineageId);
    if (!windows) return;
    windows.tokens.giveBack(at, tokens - (used ?? 0));
    if (used === undefined) windows.requests.giveBack(at, 1);
  }

  standingsOf({ lineageId, rpm, tpm }: Pick<Admission, 'lineageId' | 'rpm' | 'tpm'>): RateStandings {
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

  #windowsOf(id: KeyId, { rpm, tpm }: Pick<Admission, 'rpm' | 'tpm'>, since: number | undefined): Windows {
    const known = this.#lineages.get(id);
    if (known) return known;
    const windows = { requests: new RateWindow(), tokens: new RateWindow() };
    this.#lineages.set(id, windows);
    if (since === undefined || performance.now() - since > MINUTE_MS) return windows;
    windows.requests.take(Math.floor((rpm ?? 0) / 2), Infinity);
    windows.tokens.take(Math.floor((tpm ?? 0) / 2), Infinity);
    return windows;
  }
}
