import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';
import {
  allContracts,
  services,
  type Contract,
  type RequestContract,
  type Service,
  type SurveyContract,
} from '@orgn/contracts';
import { connectAs, startNats, type TestNats } from '@orgn/testing';
import { ensureEventStream } from '../events/event-stream.ts';

const users = [...services, 'op-ops'] as const;
type User = (typeof users)[number];

/** Something that a client says to the server: it publishes, or it subscribes, perhaps in a queue group. */
interface Act {
  publish?: string;
  subscribe?: string;
  queue?: string;
}
const publish = (subject: string): Act => ({ publish: subject });
const subscribe = (subject: string, queue?: string): Act => ({ subscribe: subject, ...(queue && { queue }) });
const keyOf = ({ publish: said, subscribe: heard, queue }: Act) =>
  said ? `> ${said}` : `< ${heard} ${queue ?? ''}`.trimEnd();

let nats: TestNats;
const connections = new Map<User, NatsConnection>();

beforeAll(async () => {
  nats = await startNats();
  for (const user of users) connections.set(user, await connectAs(nats, user));
  const all = await connectAs(nats, 'test');
  await ensureEventStream(all);
  await all.close();
});
afterAll(async () => {
  for (const connection of connections.values()) await connection.close();
  await nats.stop();
});

/** Tries all of it on a real server. @returns what the server let pass */
async function tried(user: User, acts: readonly Act[]): Promise<Set<string>> {
  const connection = await connectAs(nats, user);
  const refused = new Set<string>();
  const watching = (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error' && status.error instanceof PermissionViolationError) {
        const { operation, subject, queue } = status.error;
        refused.add(keyOf(operation === 'publish' ? publish(subject) : subscribe(subject, queue)));
      }
    }
  })();
  for (const act of acts) {
    if (act.publish) connection.publish(act.publish, 'x');
    else
      connection.subscribe(act.subscribe ?? '', { ...(act.queue && { queue: act.queue }), callback: () => undefined });
  }
  await connection.flush();
  await connection.close();
  await watching;
  return new Set(acts.map(keyOf).filter((key) => !refused.has(key)));
}

const groups = [undefined, ...services, 'other'];
const isQuestion = (contract: Contract) => contract.kind === 'request' || contract.kind === 'survey';

/** What a contract makes of a user, in the words of this test and not in those of the code that it holds. */
function must(user: User, contract: Contract): Act[] {
  const { subject } = contract;
  if (contract.kind === 'broadcast') {
    const hears = contract.heardBy.some((party) => (party === 'operator' ? user === 'op-ops' : party === user));
    return [
      ...(contract.saidBy.includes(user as Service) ? [publish(subject)] : []),
      ...(hears ? inAnyGroup(subject) : []),
    ];
  }
  if (contract.kind === 'event') return contract.publishedBy.some((party) => party === user) ? [publish(subject)] : [];
  return mustInQuestion(user, contract);
}

function mustInQuestion(user: User, contract: RequestContract | SurveyContract): Act[] {
  const { subject } = contract;
  if (user === 'op-ops') return [publish(`ops.ops.${subject}`)];
  const ways = [publish(subject), ...(isHedged(contract) ? [publish(`${subject}.key-registry-1`)] : [])];
  const asked = (contract.askedBy as readonly string[]).includes(user) ? ways : [];
  return contract.answeredBy[0] === user ? [...asked, ...mustAnswer(user, contract)] : asked;
}

/** May it be asked of one instance as well, on a subject of that instance? */
function isHedged(contract: Contract): boolean {
  return contract.kind === 'request' && contract.isHedged === true;
}

function mustAnswer(user: User, contract: RequestContract | SurveyContract): Act[] {
  const { kind, subject, askedBy } = contract;
  const parties: readonly string[] = askedBy;
  const subjects = [
    ...(parties.some((party) => party !== 'operator') ? [subject] : []),
    ...(parties.includes('operator') ? [`ops.*.${subject}`] : []),
  ];
  const own = isHedged(contract) ? inAnyGroup(`${subject}.key-registry-1`) : [];
  return [...own, ...subjects.flatMap((one) => (kind === 'request' ? [subscribe(one, user)] : inAnyGroup(one)))];
}

/** Where no group is prescribed any will do: whoever hears a subject alone gains nothing by hearing it in a group. */
function inAnyGroup(subject: string): Act[] {
  return groups.map((group) => subscribe(subject, group));
}

/** Every way to take part in a contract, and some that nobody has. */
function every(contract: Contract): Act[] {
  const { subject } = contract;
  const questions = isQuestion(contract)
    ? [
        ...['ops', 'alice', 'x'].map((name) => publish(`ops.${name}.${subject}`)),
        ...groups.map((group) => subscribe(`ops.*.${subject}`, group)),
        subscribe(`ops.ops.${subject}`),
        subscribe(`ops.alice.${subject}`),
      ]
    : [];
  const ofOne = `${subject}.key-registry-1`;
  return [
    publish(subject),
    publish(ofOne),
    ...inAnyGroup(ofOne),
    ...groups.map((group) => subscribe(subject, group)),
    ...questions,
  ];
}

describe.each(users)('the bus user %s', (user) => {
  test('may do what each contract names it for, and nothing else with any contract', async () => {
    const acts = allContracts.flatMap(every);
    const expected = new Set(allContracts.flatMap((contract) => must(user, contract)).map(keyOf));
    const passed = await tried(user, acts);
    expect([...passed].sort()).toEqual([...expected].filter((key) => acts.some((act) => keyOf(act) === key)).sort());
    expect(passed.size).toBeGreaterThan(0);
  });

  test('hears its own inboxes only, and writes only to those that name it', async () => {
    const inboxes = users.flatMap((asker) => services.map((responder) => ({ asker, responder })));
    const acts = inboxes.flatMap(({ asker, responder }) => [
      publish(`_INBOX.${asker}.${responder}.n.1`),
      subscribe(`_INBOX.${asker}.${responder}.n.*`),
    ]);
    const passed = await tried(user, [
      ...acts,
      subscribe('_INBOX.>'),
      subscribe('_INBOX.*.auth.>'),
      publish('_INBOX.x'),
    ]);
    const own = inboxes.flatMap(({ asker, responder }) => [
      ...(responder === user ? [`> _INBOX.${asker}.${responder}.n.1`] : []),
      ...(asker === user ? [`< _INBOX.${asker}.${responder}.n.*`] : []),
    ]);
    expect([...passed].sort()).toEqual(own.sort());
  });

  test('has none of the server’s own subjects, but for the stream that metering keeps', async () => {
    const stream = [
      'STREAM.INFO',
      'STREAM.PURGE',
      'STREAM.DELETE',
      'STREAM.MSG.GET',
      'STREAM.MSG.DELETE',
      'STREAM.UPDATE',
    ];
    const acts = [
      ...['>', '*', '*.*', '$JS.>', '$JS.API.>', '$SYS.>', 'events.>', 'broadcast.>', 'ops.>', 'keys.*'].map((s) =>
        subscribe(s),
      ),
      ...['EVENTS', 'USAGE', 'OTHER', '*'].flatMap((name) => stream.map((verb) => publish(`$JS.API.${verb}.${name}`))),
      ...['$JS.API.STREAM.NAMES', '$JS.API.STREAM.LIST', '$JS.API.CONSUMER.LIST.USAGE', '$JS.API.ACCOUNT.PURGE.$G'].map(
        publish,
      ),
      ...['$JS.API.CONSUMER.MSG.NEXT.USAGE.other', '$JS.API.CONSUMER.DELETE.USAGE.usage-metering'].map(publish),
      ...['$SYS.REQ.SERVER.PING', '$SYS.REQ.ACCOUNT.PING.CONNZ', '$SYS.REQ.USER.INFO', 'anything'].map(publish),
    ];
    const passed = [...(await tried(user, acts))].filter((key) => !isKeptBy(user, key));
    expect(passed).toEqual([]);
  });
});

/** Metering keeps the stream of events: it makes it, reads it, looks after it and its own place in it, and ends the former one. */
const kept =
  /^> \$JS\.API\.(STREAM\.(INFO|UPDATE)\.(EVENTS|USAGE)|STREAM\.DELETE\.EVENTS|STREAM\.MSG\.GET\.USAGE|CONSUMER\.DELETE\.USAGE\.usage-metering)$/;

function isKeptBy(user: User, key: string): boolean {
  return user === 'usage-metering' && kept.test(key);
}

/** What whoever has stolen a service tries first. */
const attacks: [string, Act][] = [
  ['hear everything that is said', subscribe('>')],
  ['read answers to others, keys that operators are issued among them', subscribe('_INBOX.>')],
  ['issue a key for any team', publish('keys.issue')],
  ['issue a key in the first operator’s name', publish('ops.ops.keys.issue')],
  ['make itself an owner of any team', publish('teams.enrol')],
  ['make keys known to the registry', publish('keys.register')],
  ['end or disable keys', publish('keys.revoke')],
  ['suspend teams', publish('teams.suspend')],
  ['read a team’s usage', publish('usage.list')],
  ['ask the registry for its word on a digest', publish('keys.verify')],
  ['give that word in its stead', subscribe('keys.verify', 'key-registry')],
  ['pose as a router, to be sent prompts', subscribe('routers.find')],
  ['write answers of routers into gateways’ inboxes', publish('_INBOX.gateway.inference-router.n.1')],
  ['write answers of the registry into gateways’ inboxes', publish('_INBOX.gateway.key-registry.n.1')],
  ['announce routers', publish('broadcast.routers')],
  ['have gateways ask about running requests again', publish('broadcast.keys.changed')],
  ['have publishers forget usage that is not settled', publish('broadcast.usage.settled')],
  ['record usage as a router', publish('events.usage.recorded.router')],
  ['record usage as a gateway, which routers outrank', publish('events.usage.recorded.gateway')],
  ['read usage rows as they are settled', subscribe('broadcast.usage.changed')],
  ['look at the stream of usage', publish('$JS.API.STREAM.INFO.USAGE')],
  ['read what is in it', publish('$JS.API.STREAM.MSG.GET.USAGE')],
  ['purge or delete what is in it', publish('$JS.API.STREAM.PURGE.USAGE')],
  ['see or steer the server', publish('$SYS.REQ.SERVER.PING')],
];

describe('SECURITY.md', () => {
  const file = join(import.meta.dirname, '../../../../SECURITY.md');
  const [begin, end] = ['<!-- who may what: begin -->', '<!-- who may what: end -->'];

  test('lists what the server let each user do (UPDATE_DOCS=1 writes it again)', async () => {
    const acts = attacks.map(([, act]) => act);
    const results = await Promise.all(users.map((user) => tried(user, acts)));
    const rows = attacks.map(([words, act]) => [
      words,
      ...results.map((passed) => (passed.has(keyOf(act)) ? 'yes' : '-')),
    ]);
    const table = toTable([['whoever is', ...users], ...rows]);
    process.stdout.write(`${table}\n`);
    const text = readFileSync(file, 'utf8');
    const [before, after] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
    const wanted = `${before}\n\n${table}\n\n${after}`;
    if (process.env.UPDATE_DOCS) writeFileSync(file, wanted);
    expect(readFileSync(file, 'utf8')).toBe(wanted);
  });
});

describe('whoever has stolen a gateway', () => {
  test('cannot have the server itself purge the stream, by naming that as the place for an acknowledgement', async () => {
    const all = await connectAs(nats, 'test');
    const manager = await jetstreamManager(all);
    const names = (await manager.streams.list().next()).map(({ config }) => config.name);
    const gateway = connections.get('gateway')!;
    for (const name of names) {
      const { state } = await manager.streams.info(name);
      for (const verb of ['PURGE', 'DELETE', 'MSG.DELETE']) {
        gateway.publish('events.usage.recorded.gateway', 'x', { reply: `$JS.API.STREAM.${verb}.${name}` });
        await gateway.flush();
      }
      expect((await manager.streams.info(name)).state.messages).toBe(state.messages + 3);
    }
    expect(names).toHaveLength(1);
    await all.close();
  });
});

/** A table of Markdown as Prettier writes it. */
function toTable(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
