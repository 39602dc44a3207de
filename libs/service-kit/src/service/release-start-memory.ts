import type { EventLoopUtilization } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** V8's collector as `--expose-gc` hands it out; `last-resort` also gives back the pages that are empty afterwards. */
type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/** How long a service must have had next to nothing to do before it is stopped for a tenth of a second. */
const QUIET_MS = 2_000;
/** The share of that time in which its event loop may have worked. */
const QUIET_SHARE = 0.05;

/**
 * Gives back what loading and starting have left, once, in the first quiet moment. Almost everything survives while a service starts,
 * so that its heap is half empty afterwards, and V8 looks again only when there is load: whoever has load before it is quiet needs
 * the room and keeps it.
 * @param quietMs how long it must have been quiet
 */
export async function releaseStartMemory(quietMs = QUIET_MS): Promise<void> {
  let before: EventLoopUtilization;
  do {
    before = performance.eventLoopUtilization();
    await delay(quietMs, undefined, { ref: false });
  } while (performance.eventLoopUtilization(before).utilization > QUIET_SHARE);
  collector()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** New contexts have it while the flag is set; ours stays without. */
function collector(): Collect {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
