import { join, resolve } from 'node:path';
import { databaseTls, withPassword, type DatabaseTls } from '@orgn/database';
import type { Pepper } from '@orgn/key-registry/peppers';
import { busTls, readConfig, type BusTls } from '@orgn/service-kit/client';
import { CallerConfig, DeploymentConfig } from './deployment-config.ts';
import { embeddedDeployment, isRunning, readStack } from './embedded-deployment.ts';
import { Refusal } from './refusal.ts';

/** All that a backup and a restore need of a deployment. */
export interface Deployment {
  /** The database, as the role that owns everything. */
  databaseUrl: string;
  databaseTls: DatabaseTls;
  peppers: Pepper[];
  /** How usage-metering reaches the bus; undefined where that was not said. */
  bus: { url: string; seed: string; tls: BusTls | null } | undefined;
  /** What else has to be kept, beside the dump, and where it is. */
  secrets: string;
}

type Environment = Record<string, string | undefined>;

export const repositoryRoot = resolve(import.meta.dirname, '../../../..');

/**
 * Finds the deployment that is meant: the stack in `dir` when one is named; else the database that the environment names;
 * else the embedded stack of this repository, if it runs.
 * @throws Refusal `service_unavailable` when there is none
 * @throws ConfigError naming what the environment lacks
 */
export function findDeployment(dir: string | undefined, environment?: Environment, root = repositoryRoot): Deployment {
  const caller = readConfig(CallerConfig, environment);
  if (dir !== undefined) return embedded(resolve(callerDirectory(environment, root), dir), `npm start -- --dir ${dir}`);
  if (caller.DATABASE_ADMIN_URL) return fromEnvironment(environment);
  const own = readStack(join(root, '.local'));
  if (own && isRunning(own)) return embeddedDeployment(own);
  throw new Refusal(
    'service_unavailable',
    'No stack runs here: start one with `npm start`, or name its folder with --dir. A compose deployment is backed up and ' +
      'restored from inside: `docker compose run --rm operator backup --to …`.',
  );
}

/** Where relative paths start from: npm moves to the root before it runs a script. */
export function callerDirectory(environment?: Environment, root = repositoryRoot): string {
  const { npm_lifecycle_event, INIT_CWD } = readConfig(CallerConfig, environment);
  return (npm_lifecycle_event !== undefined && process.cwd() === root && INIT_CWD) || process.cwd();
}

function embedded(dir: string, start: string): Deployment {
  const stack = readStack(dir);
  if (!stack)
    throw new Refusal('service_unavailable', `${dir} holds no stack.json: start a stack there with \`${start}\`.`);
  if (!isRunning(stack))
    throw new Refusal('service_unavailable', `The stack is not running: start it with \`${start}\`.`);
  return embeddedDeployment(stack);
}

function fromEnvironment(environment: Environment | undefined): Deployment {
  const config = readConfig(DeploymentConfig, environment);
  const { NATS_URL: url, NATS_USAGE_METERING_SEED: seed } = config;
  return {
    databaseUrl: withPassword(config.DATABASE_ADMIN_URL, config.DATABASE_ADMIN_PASSWORD),
    databaseTls: databaseTls(config),
    peppers: config.KEY_PEPPERS,
    bus: url && seed ? { url, seed, ...busTls(config) } : undefined,
    secrets: 'the file .env and the folders secrets and deploy/bus',
  };
}
