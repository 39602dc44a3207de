import { z } from 'zod';
import { requireTimeToStop } from './base-rules.ts';
import type { Rule } from './rules.ts';
import { secret } from './secret.ts';
import { tlsSettings } from './tls-settings.ts';

/** A TCP port. */
export const port = z.coerce.number().int().min(1).max(65_535);

/** Settings that every service has. An app adds its own with `baseConfig.extend`. */
export const baseConfig = z.object({
  /** `production` switches off everything that exists for development only. */
  NODE_ENV: z.enum(['production', 'development', 'test']),
  /** Name of this process among its replicas, in logs, metrics and on the bus. */
  INSTANCE: z.string().regex(/^[a-z0-9-]{1,64}$/),
  /** Least severe level that is logged. */
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** The NATS server, without credentials: `nats://host:4222`. */
  NATS_URL: z.string().regex(/^(nats|tls):\/\/[^@]+$/, 'must be nats://host:port without credentials'),
  /** What makes this process its service's user on the bus: the seed of an Ed25519 key. */
  NATS_SEED: secret(z.string().regex(/^SU[A-Z2-7]{56}$/, 'must be the seed of a NATS user')),
  ...tlsSettings,
  /** Interface of the health and metrics port. */
  OPS_HOST: z.string().default('127.0.0.1'),
  /** Port that serves /health and /metrics. */
  OPS_PORT: port,
  /** How long a stopping process lets requests in flight finish, in seconds. */
  STOP_SECONDS: z.coerce.number().int().min(1).max(600).default(10),
  /**
   * How long a stopping HTTP host still takes connections while its health says 503, in seconds: what a balancer in front needs
   * to notice. Part of STOP_SECONDS.
   */
  DRAIN_SECONDS: z.coerce.number().min(0).max(600).default(0),
});

export type BaseConfig = z.output<typeof baseConfig>;

/** A configuration class: its schema, and instances that are the parsed values. Serves as its own injection token. */
export interface ConfigClass<S extends z.ZodObject> {
  new (): z.output<S>;
  readonly schema: S;
  readonly rules: readonly Rule[];
}

/**
 * Turns a schema into a class to extend: `class GatewayConfig extends configClass(baseConfig.extend({...})) {}`.
 * @param rules what its settings must be beside each other
 */
export function configClass<S extends z.ZodObject>(schema: S, ...rules: Rule[]): ConfigClass<S> {
  class Config {
    static readonly schema = schema;
    static readonly rules = 'DRAIN_SECONDS' in schema.shape ? [requireTimeToStop, ...rules] : rules;
  }
  return Config as unknown as ConfigClass<S>;
}

/** Injection token of the settings that every service has, for code that serves several apps. */
export abstract class BaseConfigToken {}
