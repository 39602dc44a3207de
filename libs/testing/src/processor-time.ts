/**
 * What a piece of work without waits costs this process, in milliseconds of a processor: what other processes do meanwhile is no part
 * of it, so that a busy machine fails no bound.
 */
export function processorTimeOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
