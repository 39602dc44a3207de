/** How often each side says at least that it is there, in milliseconds. */
const BEAT_MS = 500;
/** Beats in a row that may be missed. With what passes until the next look, and on a busy machine, a dead side is found within 5 s. */
const MISSED_BEATS = 8;
/** From so many on it is doubtful whether somebody is there. */
const DOUBTFUL_BEATS = 4;

export interface PulseSigns {
  /** Whether something was heard since it was last asked. */
  wasHeard(): boolean;
  /** Whether something was said since it was last asked. */
  hasSpoken(): boolean;
  beat(): void;
  silent(): void;
}

/**
 * Says that we are there and notices when the other side is not. It counts its own turns and not time, so that a process
 * that itself stood still does not take the other side for dead.
 */
export class Pulse {
  readonly #timer: NodeJS.Timeout;
  #missed = 0;

  constructor(
    private readonly signs: PulseSigns,
    beatMs = BEAT_MS,
  ) {
    this.#timer = setInterval(() => this.#turn(), beatMs).unref();
  }

  /** Whether the other side has been heard lately. */
  get isFirm(): boolean {
    return this.#missed < DOUBTFUL_BEATS;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #turn(): void {
    this.#missed = this.signs.wasHeard() ? 0 : this.#missed + 1;
    if (this.#missed >= MISSED_BEATS) return this.signs.silent();
    if (!this.signs.hasSpoken()) this.signs.beat();
  }
}
