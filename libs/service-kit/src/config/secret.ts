import type { z } from 'zod';
import type { ConfigClass } from './base-config.ts';

const secrets = new WeakSet<z.ZodType>();

/**
 * Marks a setting as secret: it is taken out of the process's environment once it was read, and compose gives it as a
 * file. Wrap the whole schema of the setting: `NATS_SEED: secret(z.string())`.
 */
export function secret<T extends z.ZodType>(schema: T): T {
  secrets.add(schema);
  return schema;
}

/** The settings of a configuration class that are secret, by name. */
export function secretNames(config: Pick<ConfigClass<z.ZodObject>, 'schema'>): string[] {
  const shape = config.schema.shape as Record<string, z.ZodType>;
  return Object.keys(shape).filter((name) => shape[name] !== undefined && secrets.has(shape[name]));
}
