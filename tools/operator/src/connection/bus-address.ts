import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ServiceError } from '@orgn/contracts';
import { busTls, readConfig } from '@orgn/service-kit/client';
import { z } from 'zod';
import { OperatorConfig } from './operator-config.ts';

/** Where a deployment's bus is and who we are on it. */
export interface BusAddress {
  /** `nats://host:port`, no credentials in it. */
  url: string;
  /** The operator's name. */
  operator: string;
  /** What proves it: the seed of its key, or the first operator's password. */
  proof: { seed: string } | { password: string };
  /** The authority that the bus's certificate is under, as PEM; undefined: the bus is in the clear. */
  ca: string | undefined;
  /** What to do when nothing answers there. */
  advice: string;
}

const stackFile = z.object({
  natsUrl: z.url(),
  bus: z.object({ ca: z.string().nullish() }).optional(),
  processes: z.array(z.unknown()).optional(),
});
type Stack = z.output<typeof stackFile>;
const repositoryRoot = resolve(import.meta.dirname, '../../../..');
const composeAdvice = 'start it with `docker compose up -d`';

/**
 * Finds the deployment to talk to: the stack in `dir` when one is named; else the bus that the environment names; else
 * the embedded stack of this repository, if it runs; else what `.env` says of the compose deployment.
 * @throws ServiceError `service_unavailable` when there is none
 */
export function findBusAddress(
  dir: string | undefined,
  environment?: Record<string, string | undefined>,
  root = repositoryRoot,
): BusAddress {
  const config = readConfig(OperatorConfig, environment);
  if (dir !== undefined) {
    const stack = inStack(resolve(callerDirectory(config, root), dir), `\`npm start -- --dir ${dir}\``);
    return asOneself(stack, config);
  }
  const found = fromEnvironment(config);
  if (found) return found;
  return asOneself(fromEmbedded(root) ?? fromCompose(root) ?? noStack('start one with `npm start`'), config);
}

/** npm moves to the root before it runs a script; relative paths start from where the operator stood. */
function callerDirectory(config: OperatorConfig, root: string): string {
  const isFromNpm = config.npm_lifecycle_event !== undefined && process.cwd() === root;
  return (isFromNpm && config.INIT_CWD) || process.cwd();
}

function fromEnvironment(config: OperatorConfig): BusAddress | undefined {
  const { NATS_URL: url, NATS_OPERATOR: operator, NATS_SEED, NATS_PASSWORD } = config;
  const proof = NATS_SEED ? { seed: NATS_SEED } : NATS_PASSWORD && { password: NATS_PASSWORD };
  if (!url || !proof) return undefined;
  return { url, operator, proof, ca: busTls(config).tls?.ca, advice: 'check NATS_URL' };
}

/** Whoever has a seed asks under their own name; everybody else who can read the deployment's secrets is its first operator. */
function asOneself(address: BusAddress, { NATS_OPERATOR, NATS_SEED }: OperatorConfig): BusAddress {
  return NATS_SEED ? { ...address, operator: NATS_OPERATOR, proof: { seed: NATS_SEED } } : address;
}

/** A stopped stack keeps its file, without processes: then the operator may mean the compose deployment. */
function fromEmbedded(root: string): BusAddress | undefined {
  const stack = readStack(join(root, '.local'));
  return stack && isRunning(stack) ? toAddress(stack, 'start it with `npm start`') : undefined;
}

function fromCompose(root: string): BusAddress | undefined {
  const file = join(root, '.env');
  if (!existsSync(file)) return undefined;
  const { NATS_PORT, INTERNAL_TLS, SECRETS_DIR, ...env } = parseEnv(readFileSync(file, 'utf8'));
  const secrets = resolve(root, SECRETS_DIR || 'secrets');
  const password = readText(join(secrets, 'ops_token')) || env.OPS_TOKEN;
  if (!password) return undefined;
  return {
    url: `nats://127.0.0.1:${NATS_PORT || 4222}`,
    operator: 'ops',
    proof: { password },
    ca: INTERNAL_TLS === 'off' ? undefined : readText(join(secrets, 'tls', 'operator', 'ca.crt')),
    advice: composeAdvice,
  };
}

function inStack(dir: string, start: string): BusAddress {
  const stack = readStack(dir);
  if (!stack) return noStack(`${dir} holds no stack.json; start a stack there with ${start}`);
  if (!isRunning(stack)) return noStack(`start it with ${start}`);
  return toAddress(stack, `start it with ${start}`);
}

function noStack(advice: string): never {
  throw new ServiceError('service_unavailable', `The stack is not running: ${advice}.`);
}

function readStack(dir: string): Stack | undefined {
  const file = join(dir, 'stack.json');
  if (!existsSync(file)) return undefined;
  return stackFile.safeParse(parseJson(readFileSync(file, 'utf8'))).data;
}

function isRunning({ processes }: Stack): boolean {
  return processes === undefined || processes.length > 0;
}

function toAddress({ natsUrl, bus }: Stack, advice: string): BusAddress {
  const { host, username, password } = new URL(natsUrl);
  const proof = { password: decodeURIComponent(password) };
  return { url: `nats://${host}`, operator: decodeURIComponent(username), proof, ca: bus?.ca ?? undefined, advice };
}

function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd() : undefined;
}

/** The parser's own error would quote the file, which holds secrets. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
