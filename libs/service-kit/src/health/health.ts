import { setTimeout as pause } from 'node:timers/promises';

/** What a health check found: `ok` or a short text of ours. */
export type CheckResults = Record<string, string>;

const CHECK_TIMEOUT_MS = 1_000;
const POLL_MS = 50;
/** Results are shared this long, so that asking for health costs strangers more than it costs us. */
const FRESH_MS = 500;

/** Thrown by a check that knows what is wrong: its message is of ours, and whoever asks for health reads it. */
export class Unwell extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unwell';
  }
}

/** The named conditions under which this process can do its work. */
export class Health {
  readonly #checks = new Map<string, () => Promise<void> | void>();
  #isStopping = false;
  #latest: { at: number; checks: Promise<CheckResults> } | undefined;

  /** Adds a condition: `check` throws or rejects while it does not hold. */
  add(name: string, check: () => Promise<void> | void): void {
    this.#checks.set(name, check);
  }

  /** From now on the process reports itself unavailable, so that nothing new is sent to it. */
  beginStop(): void {
    this.#isStopping = true;
  }

  /** Waits until every condition holds, or for so long. */
  async settled(patienceMs: number): Promise<void> {
    const until = Date.now() + patienceMs;
    while (Date.now() < until) {
      if (Object.values(await this.#runChecks()).every((result) => result === 'ok')) return;
      await pause(POLL_MS);
    }
  }

  async run(): Promise<{ isOk: boolean; checks: CheckResults }> {
    if (!this.#latest || Date.now() - this.#latest.at > FRESH_MS)
      this.#latest = { at: Date.now(), checks: this.#runChecks() };
    const checks = { ...(await this.#latest.checks), ...(this.#isStopping && { process: 'stopping' }) };
    return { isOk: Object.values(checks).every((result) => result === 'ok'), checks };
  }

  async #runChecks(): Promise<CheckResults> {
    const entries = [...this.#checks].map(async ([name, check]) => [name, await outcomeOf(check)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }
}

async function outcomeOf(check: () => Promise<void> | void): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('timed out'), CHECK_TIMEOUT_MS);
  });
  const run = async () => check();
  return Promise.race([
    run()
      .then(() => 'ok')
      .catch((error: unknown) => (error instanceof Unwell ? error.message : 'failing')),
    late,
  ]).finally(() => clearTimeout(timer));
}
