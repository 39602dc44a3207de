import type { Stack } from '../stack.ts';

/** What says that it may be otherwise soon. */
const passing = new Set(['balance_busy', 'metering_unavailable', 'service_unavailable', 'usage_not_recorded', 'lost']);
const AGAIN_MS = 200;

/** What a crowd asks, as whom. */
export interface Asked {
  body: (turn: number) => object;
  key?: string | undefined;
  calls: number;
  atOnce: number;
}

/** What callers were told, by code: `answered`, or of an error. Who is told that it may be otherwise soon asks again. */
export async function crowd(stack: Stack, { body, key, calls, atOnce }: Asked): Promise<Map<string, number>> {
  const tally = new Map<string, number>();
  let next = 0;
  const caller = async () => {
    while (next < calls) {
      const turn = (next += 1);
      for (let told = 'lost'; passing.has(told);) {
        told = await call(stack, turn, body(turn), key);
        tally.set(told, (tally.get(told) ?? 0) + 1);
        if (passing.has(told)) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  return tally;
}

async function call(stack: Stack, turn: number, body: object, key?: string): Promise<string> {
  const { gateways, demo } = stack.file;
  try {
    const api = gateways[turn % gateways.length] ?? stack.file.api;
    const response = await stack.chat(body, { api, key: key ?? demo.key });
    const { error } = (await response.json()) as { error?: { code: string } };
    return error?.code ?? 'answered';
  } catch {
    return 'lost';
  }
}
