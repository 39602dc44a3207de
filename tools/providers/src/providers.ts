import { nearWire } from './wire/near-wire.ts';
import { openAiWire } from './wire/openai-wire.ts';
import { phalaWire } from './wire/phala-wire.ts';
import { vercelWire } from './wire/vercel-wire.ts';
import type { Wire } from './wire/wire.ts';

/** The simulated providers, by the first step of their path. */
export const wires = {
  near: nearWire,
  phala: phalaWire,
  vercel: vercelWire,
  local: openAiWire,
} as const satisfies Record<string, Wire>;

export type ProviderName = keyof typeof wires;

export const providerNames = Object.keys(wires) as readonly ProviderName[];

/** Whether a step of a path names a simulated provider. */
export function isProviderName(text: string | undefined): text is ProviderName {
  return text !== undefined && Object.hasOwn(wires, text);
}

/** One value for each provider. */
export function forEachProvider<Value>(make: (name: ProviderName) => Value): Record<ProviderName, Value> {
  return { near: make('near'), phala: make('phala'), vercel: make('vercel'), local: make('local') };
}
