import { z } from 'zod';
import { broadcast, type BroadcastContract } from './contract.ts';
import type { Service } from './parties.ts';

/** One replica says that it answers, every 2 s, or that it is about to leave its group. */
const instance = z.object({ instance: z.string().regex(/^[a-z0-9-]{1,64}$/), isLeaving: z.boolean() });

/** Which registries there are: gateways ask each by its own subject, `keys.verify.<instance>`. */
export const registryAnnounced = broadcast('broadcast.registries', {
  saidBy: ['key-registry'],
  heardBy: ['gateway', 'key-registry'],
  payload: instance,
});

/** Which replicas of usage-metering there are. */
export const meteringAnnounced = broadcast('broadcast.meterings', {
  saidBy: ['usage-metering'],
  heardBy: ['gateway', 'usage-metering'],
  payload: instance,
});

/** Where the replicas of a service that answers hedged questions announce themselves. */
export const announcements: Readonly<Partial<Record<Service, BroadcastContract<typeof instance>>>> = {
  'key-registry': registryAnnounced,
  'usage-metering': meteringAnnounced,
};
