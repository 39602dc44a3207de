import { setTimeout as pause } from 'node:timers/promises';
import { createTeam, enrolMember, issueKey, ServiceError, type ReplyOf } from '@orgn/contracts';
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
});

class SeedConfig extends configClass(schema) {}

const PATIENCE_MS = 20_000;
const RETRY_MS = 250;
const MAX_NAMES = 100;

/** Prepares a fresh development stack: a demo team, its members and a key for it, printed as `{ teamId, key }`. */
async function seed(): Promise<void> {
  const config = readConfig(SeedConfig);
  const { NATS_URL: url, NATS_OPERATOR: operator, NATS_SEED: seed, SEED_USERS: people } = config;
  const ca = busTls(config).tls?.ca;
  const connection = await patiently(() =>
    connectOperator({ url, operator, proof: { seed }, ca, advice: 'check NATS_URL' }, { lasting: true }),
  );
  const bus = new Bus(connection, `op-${operator}`);
  const team = await patiently(() => bus.ask(createTeam, { id: 'team_demo', name: 'Demo team' }));
  // The key comes last: it says that the seed is done, and all before it may be repeated.
  for (const member of people) await patiently(() => bus.ask(enrolMember, { teamId: team.id, ...member }));
  const { key } = await issueDemoKey(bus, team.id);
  process.stdout.write(`${JSON.stringify({ teamId: team.id, key })}\n`);
  await connection.close();
}

/** A name is taken when an earlier seed ended half-way: its key is lost, so the next one gets a number. */
async function issueDemoKey(bus: Bus, teamId: string, attempt = 1): Promise<ReplyOf<typeof issueKey>> {
  const name = attempt === 1 ? 'demo' : `demo-${attempt}`;
  try {
    return await patiently(() => bus.ask(issueKey, { teamId, name }));
  } catch (error) {
    const isTaken = error instanceof ServiceError && error.code === 'request_conflict';
    if (!isTaken || attempt === MAX_NAMES) throw error;
    return issueDemoKey(bus, teamId, attempt + 1);
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
