import { z } from 'zod';
import { broadcast } from './contract.ts';
import { instanceName } from './usage.ts';

/** The services that own a schema of the database. */
export const schemaKeeper = z.enum(['auth', 'key-registry', 'usage-metering']);
export type SchemaKeeper = z.output<typeof schemaKeeper>;

/** Whether a service's schema has all that its migrations make, said every ten seconds. What is missing, the service's own health says. */
export const schemaWatched = broadcast('broadcast.schemas', {
  saidBy: ['auth', 'key-registry', 'usage-metering'],
  heardBy: ['gateway'],
  payload: z.object({ service: schemaKeeper, instance: instanceName, isWhole: z.boolean() }),
});
