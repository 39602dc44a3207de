import { setTimeout as pause } from 'node:timers/promises';
import { createTeam, creditTeam, enrolMember, issueKey, ServiceError } from '@orgn/contracts';
import { Bus, busTls, ConfigError, configClass, readConfig, secret, tlsSettings } from '@orgn/service-kit/client';
import { z } from 'zod';
import { connectOperator } from './connection/operator-bus.client.ts';

const members = z.array(enrolMember.request.omit({ teamId: true }));

const schema = z.object({
  ...tlsSettings,
  /** The bus, without credentials: `nats://host:port`. */
  NATS_URL: z.string(),
  /** The operator as whom it asks. */
  NATS_OPERATOR: z.string(),
  /** What makes it that operator. */
  NATS_SEED: secret(z.string()),
  /** Who becomes a member of the demo team: a JSON array of `{ sub, email, name, role }`. */
  SEED_USERS: z.string().default('[]').transform(toMembers),
  /** Where the team has a key called `demo` already: `once` leaves it at that, `again` makes one with a number. */
  SEED_KEY: z.enum(['once', 'again']).default('once'),
});

class SeedConfig extends configClass(schema) {}

const PATIENCE_MS = 20_000;
const RETRY_MS = 250;
const MAX_NAMES = 100;

/**
 * Prepares a deployment: a demo team, its members, 25 USD once and a key for it, printed as `{ teamId, key }`. The key of a deployment that
 * was prepared before cannot be shown again, and is null.
 */
async function seed(): Promise<void> {
  const config = readConfig(SeedConfig);
  const { NATS_URL: url, NATS_OPERATOR: operator, NATS_SEED: seed } = config;
  const ca = busTls(config).tls?.ca;
  const connection = await patiently(() =>
    connectOperator({ url, operator, proof: { seed }, ca, advice: 'check NATS_URL' }, { lasting: true }),
  );
  try {
    await prepare(new Bus(connection, `op-${operator}`), config);
  } finally {
    // One that stays open keeps the process from ending.
    await connection.close();
  }
}

async function prepare(bus: Bus, { SEED_USERS: people, SEED_KEY }: SeedConfig): Promise<void> {
  const team = await patiently(() => bus.ask(createTeam, { id: 'team_demo', name: 'Demo team' }));
  // The key comes last: it says that the seed is done, and all before it may be repeated.
  for (const member of people) await patiently(() => bus.ask(enrolMember, { teamId: team.id, ...member }));
  const gift = { amount: '25.00', reason: 'The demo team begins with this', idempotencyKey: 'demo' };
  await patiently(() => bus.ask(creditTeam, { teamId: team.id, ...gift }));
  const { key } = await issueDemoKey(bus, team.id, SEED_KEY === 'again' ? MAX_NAMES : 1);
  if (key === null) process.stderr.write(`${hadBefore}\n`);
  process.stdout.write(`${JSON.stringify({ teamId: team.id, key })}\n`);
}

const hadBefore =
  'The demo team was made before, and its key was shown then. Another one: `keys create --team team_demo --name NAME`.';

/**
 * A name is taken by an earlier seed. Whoever lost that one's key gets the next one, with a number.
 * @param names how many may be tried
 */
async function issueDemoKey(bus: Bus, teamId: string, names: number): Promise<{ key: string | null }> {
  for (let attempt = 1; attempt <= names; attempt += 1) {
    const name = attempt === 1 ? 'demo' : `demo-${attempt}`;
    const issued = await unlessTaken(() => patiently(() => bus.ask(issueKey, { teamId, name })));
    if (issued) return issued;
  }
  return { key: null };
}

async function unlessTaken<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'request_conflict') return undefined;
    throw error;
  }
}

function toMembers(text: string, context: z.RefinementCtx): z.output<typeof members> {
  const parsed = members.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  context.addIssue('must be a JSON array of { sub, email, name, role }');
  return z.NEVER;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Repeats work while services are still coming up. */
async function patiently<T>(work: () => Promise<T>, until = Date.now() + PATIENCE_MS): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const mayPass = error instanceof ServiceError && error.code === 'service_unavailable';
    if (!mayPass || Date.now() > until) throw error;
    await pause(RETRY_MS);
    return patiently(work, until);
  }
}

try {
  await seed();
} catch (error) {
  const isOurs = error instanceof ServiceError || error instanceof ConfigError;
  const reason = isOurs ? error.message : (error as Error).name;
  process.stderr.write(`The demo team could not be prepared: ${reason}\n`);
  process.exitCode = 1;
}
