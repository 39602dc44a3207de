import type { Behaviour } from '../control/control-state.ts';
import type { RoutedRequest, Wire } from '../wire/wire.ts';
import type { Exchange } from './exchange.ts';

/** One request to an endpoint of a provider, complete. */
export interface Call {
  readonly wire: Wire;
  readonly exchange: Exchange;
  readonly body: Buffer;
  readonly contentType: string;
  readonly behaviour: Behaviour;
}

/** Answers a call; throws a Refusal while nothing was sent. */
export type Answerer = (call: Call) => Promise<void>;

/** Throws the provider's own refusal of a request that it has nobody for. */
export function checkRoute(wire: Wire, request: RoutedRequest): void {
  const refusal = wire.refuses?.(request);
  if (refusal !== undefined) throw refusal;
}

/** Unix seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}
