import { randomBytes } from 'node:crypto';
import { busServices, firstOperator } from '../../stack/bus-users.mjs';
import { userSeed } from '../../stack/nkeys.mjs';

/** 32 bytes that nobody can guess. */
const random = () => randomBytes(32).toString('base64url');
/** The first of a list of keys, under the name by which what it made is known. */
const firstOf = (kid) => () => `${kid}:${random()}`;
/** Only the operator knows it. */
const unknown = () => '';

/** A variable for each user of the bus: each service gets its own and no other. */
export function seedVariable(user) {
  return `NATS_${user.toUpperCase().replaceAll('-', '_')}_SEED`;
}

/**
 * Every secret of a compose deployment, by the name of its variable, and how a new one is made. Each is a file in the folder
 * `secrets`, named like the variable in small letters.
 * @type {Record<string, () => string>}
 */
export const secretMakers = {
  OPS_TOKEN: random,
  ...Object.fromEntries([...busServices, firstOperator].map((user) => [seedVariable(user), () => userSeed()])),
  POSTGRES_PASSWORD: random,
  AUTH_DATABASE_PASSWORD: random,
  INFERENCE_ROUTER_DATABASE_PASSWORD: random,
  KEY_REGISTRY_DATABASE_PASSWORD: random,
  USAGE_METERING_DATABASE_PASSWORD: random,
  KEY_PEPPERS: firstOf('k1'),
  REASONING_KEYS: firstOf('r1'),
  RECEIPT_KEYS: firstOf('s1'),
  ADMISSION_KEYS: firstOf('a1'),
  OIDC_CLIENT_SECRET: unknown,
  SMTP_URL: unknown,
  STRIPE_SECRET_KEY: unknown,
  STRIPE_WEBHOOK_SECRET: unknown,
  NEAR_API_KEY: unknown,
  PHALA_API_KEY: unknown,
  VERCEL_API_KEY: unknown,
  LOCAL_API_KEY: unknown,
};

/** What deployments had before; nothing reads it any more. */
export const formerSecrets = ['NATS_PASSWORD'];

/** With `--demo`: what the simulators take. */
export const demoMakers = {
  OIDC_CLIENT_SECRET: random,
  STRIPE_SECRET_KEY: () => `sk_test_${random().replaceAll(/[^A-Za-z0-9]/g, '')}`,
  STRIPE_WEBHOOK_SECRET: () => `whsec_${random()}`,
  NEAR_API_KEY: () => 'simulated',
  PHALA_API_KEY: () => 'simulated',
  VERCEL_API_KEY: () => 'simulated',
};

/** Whether the operator brings this secret, so that what they say last counts. */
export const isOperators = (name) => secretMakers[name] === unknown;
