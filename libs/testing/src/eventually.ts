import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 20;
/** More than a busy machine needs: what holds sooner costs none of it. */
const TIMEOUT_MS = 20_000;

/**
 * Repeats an assertion until it holds, and answers what it answers. The alternative to a sleep.
 * @param options.timeoutMs how long it may take; then the last failure is thrown
 */
export async function eventually<T>(assertion: () => T | Promise<T>, options: { timeoutMs?: number } = {}): Promise<T> {
  const until = performance.now() + (options.timeoutMs ?? TIMEOUT_MS);
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= until) throw error;
    }
    await delay(POLL_MS);
  }
}
