import type { Stack } from './stack.ts';

/** The longest delay of each service's event loop since it was last asked, in milliseconds. */
export async function delaysOf(stack: Stack): Promise<Map<string, number>> {
  const found = await Promise.all(
    stack.file.metrics.map(async ({ service, url }): Promise<[string, number]> => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const seconds = /^nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
      return [service, 1_000 * Number(seconds)];
    }),
  );
  return new Map(found);
}
