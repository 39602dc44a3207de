import { once } from 'node:events';
import { GatewayConnection, type GatewayConnectionSettings } from '../gateway/gateway-connection.ts';
import { RouterConnection, type RouterConnectionSettings } from '../router/router-connection.ts';
import type { ChannelError } from '../frames/channel-error.ts';
import { makeWire, type Cut, type Wire } from './wire.ts';

export interface Pair {
  wire: Wire;
  gateway: GatewayConnection;
  router: RouterConnection;
  /** Why each side ended, as far as it did. */
  ends: { gateway?: ChannelError; router?: ChannelError };
}

interface PairSettings {
  cut?: Cut;
  take: RouterConnectionSettings['take'];
  gateway?: Partial<GatewayConnectionSettings>;
  router?: Partial<RouterConnectionSettings>;
}

/** A gateway's and a router's end of one connection, greeted. Both write at the end of each turn. */
export async function makePair({ cut, take, ...settings }: PairSettings): Promise<Pair> {
  const wire = makeWire(cut);
  const ends: Pair['ends'] = {};
  const router = new RouterConnection(
    wire.router,
    { name: 'router-1', take, gatherMs: 0, ...settings.router },
    (error) => {
      ends.router = error;
    },
  );
  const gateway = await new Promise<GatewayConnection>((resolve) => {
    const made: GatewayConnection = new GatewayConnection(
      wire.gateway,
      { name: 'gateway-1', gatherMs: 0, ...settings.gateway },
      {
        ready: () => resolve(made),
        draining: () => undefined,
        closed: (error) => {
          ends.gateway = error;
          resolve(made);
        },
      },
    );
  });
  return { wire, gateway, router, ends };
}

/** Resolves once a socket has been closed. */
export async function closed(wire: Wire): Promise<void> {
  if (!wire.gateway.closed) await once(wire.gateway, 'close');
}

/** Turns of the event loop: whatever was to happen in memory has happened then. */
export async function turns(count = 6): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
