import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createTeam,
  issueKey,
  keyView,
  listKeys,
  listTeams,
  listUsage,
  noRestrictions,
  resumeTeam,
  ServiceError,
  summarizeUsage,
  suspendTeam,
  usageChanged,
  withdrawKey,
  type KeyView,
  type ReplyOf,
  type RequestContract,
  type RequestOf,
} from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectTestBus, eventually, freePort, playResponder, startNats, type TestNats } from '@orgn/testing';

const repository = join(import.meta.dirname, '../../..');
const entry = join(repository, 'tools/operator/dist/main.js');
/** What `npm run keys` and `npm run usage` start. */
const script = join(repository, 'tools/operator.mjs');
const keyId = `key_${'a'.repeat(32)}`;
const idOf = (n: number) => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`;

let nats: TestNats;
let bus: Bus;
let dir: string;
const plays: (() => void)[] = [];

beforeAll(async () => {
  execFileSync(process.execPath, [
    join(repository, 'node_modules/typescript/bin/tsc'),
    '-b',
    join(repository, 'tools/operator'),
  ]);
  nats = await startNats();
  bus = await connectTestBus(nats);
  dir = mkdtempSync(join(tmpdir(), 'orgn-operator-'));
  writeFileSync(join(dir, 'stack.json'), JSON.stringify({ natsUrl: nats.opsUrl, processes: [{ name: 'nats' }] }));
});

afterEach(() => {
  for (const end of plays.splice(0)) end();
});

afterAll(async () => {
  await bus.connection.close();
  await nats.stop();
  rmSync(dir, { recursive: true });
});

/** Plays the service that answers a contract, until the test ends. Answers what it was asked. */
function answer<C extends RequestContract>(contract: C, reply: (request: RequestOf<C>) => ReplyOf<C>): RequestOf<C>[] {
  const asked: RequestOf<C>[] = [];
  const end = playResponder(bus, contract, (request) => {
    asked.push(request);
    return reply(request);
  });
  plays.push(end);
  return asked;
}

interface Ended {
  code: number;
  out: string;
  err: string;
}

function run(...args: string[]): Promise<Ended> {
  return runIn({ PATH: process.env.PATH }, ...args);
}

function runIn(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [entry, ...args], { env, cwd: repository }, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

const runHere = (...args: string[]) => run(...args, '--dir', dir);
const refusalOf = ({ out }: Ended) => (JSON.parse(out) as { error: object }).error;

const view = keyView.parse({
  id: keyId,
  teamId: 'team_demo',
  name: 'ci',
  expiresAt: null,
  ...noRestrictions,
  createdBy: null,
  ownerId: null,
  lineageId: keyId,
  replaces: null,
  replacedBy: null,
  hint: 'sk-ollm-…o5p6',
  state: 'active',
  createdAt: '2027-01-01T00:00:00.000Z',
  lastUsedAt: null,
  revokedAt: null,
  revocationReason: null,
});

const rowOf = (n: number, teamId = 'team_demo') =>
  ({
    requestId: idOf(n),
    teamId,
    keyId,
    model: 'near_qwen3_30b',
    provider: 'near',
    execution: 'tee',
    outcome: 'completed',
    countedBy: 'provider',
    streamed: false,
    promptTokens: 20,
    completionTokens: 10,
    costNanoUsd: 7_500,
    priceVersion: 'prices-1',
    startedAt: '2027-01-01T00:00:00.000Z',
    durationMs: 250,
    witness: 'router',
    instance: 'inference-router-1',
    ownerId: null,
    lineageId: keyId,
    secondOf: null,
    source: 'api',
    recordedAt: '2027-01-01T00:00:01.000Z',
  }) as ReplyOf<typeof listUsage>['rows'][number];

describe('keys', () => {
  const issued = {
    id: keyId,
    key: 'sk-ollm-zzzzzzzzzzzzzzzzzzzzzzzzz01lpw8y',
    hint: 'sk-ollm-…pw8y',
    teamId: 'team_demo',
  };

  test('create sends what the flags say and prints exactly id, key, hint and teamId', async () => {
    const issuing = answer(issueKey, () => issued as ReplyOf<typeof issueKey>);
    const flags = ['--expires', '2027-06-30', '--models', 'near_qwen3_30b, vercel_gpt_4o', '--execution', 'tee_only'];
    flags.push('--ip-allow', '10.0.0.0/8,2001:db8::1', '--budget-total', '25.00', '--budget-week', '5', '--rpm', '60');
    flags.push('--soft-budgets', 'week', '--concurrency', '8');
    const ended = await runHere('keys', 'create', '--team', 'team_demo', '--name', 'ci', ...flags, '--json');
    expect(ended).toEqual({ code: 0, out: `${JSON.stringify(issued)}\n`, err: '' });
    expect(issuing).toEqual([
      {
        teamId: 'team_demo',
        name: 'ci',
        expiresAt: '2027-06-30T00:00:00Z',
        models: ['near_qwen3_30b', 'vercel_gpt_4o'],
        executionPolicy: 'tee_only',
        ipAllowList: ['10.0.0.0/8', '2001:db8::1'],
        budgets: { total: '25.00', week: '5' },
        softBudgets: ['week'],
        rpm: 60,
        tpm: null,
        concurrency: 8,
      },
    ]);
  });

  test('create without --json is for a person', async () => {
    answer(issueKey, () => issued as ReplyOf<typeof issueKey>);
    const { code, out } = await runHere('keys', 'create', '--team', 'team_demo', '--name', 'ci');
    expect(code).toBe(0);
    expect(out).toContain(`key   ${issued.key}`);
  });

  test('create without limits asks for none, and leaves the policy to the team', async () => {
    const issuing = answer(issueKey, () => issued as ReplyOf<typeof issueKey>);
    await runHere('keys', 'create', '--team', 'team_demo', '--name', 'ci', '--json');
    const { executionPolicy: _, ...limits } = noRestrictions;
    expect(issuing).toEqual([{ teamId: 'team_demo', name: 'ci', expiresAt: null, ...limits }]);
  });

  test('create names the flag of a limit that makes no sense before anything is asked', async () => {
    const issuing = answer(issueKey, () => issued as ReplyOf<typeof issueKey>);
    const wrong = [
      ['--budget-day', 'five'],
      ['--rpm', '1.5'],
      ['--tpm', '0'],
      ['--ip-allow', '10.0.0.300'],
    ] as const;
    for (const flag of wrong) {
      const ended = await runHere('keys', 'create', '--team', 'team_demo', '--name', 'ci', ...flag);
      expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringContaining(`${flag[0]} is not valid`) });
    }
    expect(issuing).toEqual([]);
  });

  test('list prints all pages as one { keys }', async () => {
    const views = [1, 2, 3].map((n) => ({ ...view, id: `key_${String(n).repeat(32)}` }) as KeyView);
    answer(listKeys, ({ cursor }) => {
      const at = views.findIndex(({ id }) => id === cursor) + 1;
      return { keys: views.slice(at, at + 1), next: at < 2 ? (views[at]?.id ?? null) : null };
    });
    const { out } = await runHere('keys', 'list', '--team', 'team_demo', '--json');
    expect(JSON.parse(out)).toEqual({ keys: views });
  });

  test('list prints { keys }, and a table for a person', async () => {
    answer(listKeys, () => ({ keys: [view], next: null }));
    const [json, text] = await Promise.all([
      runHere('keys', 'list', '--team', 'team_demo', '--json'),
      runHere('keys', 'list', '--team', 'team_demo'),
    ]);
    expect(json).toEqual({ code: 0, out: `${JSON.stringify({ keys: [view] })}\n`, err: '' });
    expect(text.out).toMatch(/^ID +NAME +STATE .*\nkey_a+ +ci +active /);
  });

  test('revoke prints id, state and revokedAt; the reason is "other" unless given', async () => {
    const revoked = { ...view, state: 'revoked', revokedAt: '2027-01-02T00:00:00.000Z' } as typeof view;
    const revoking = answer(withdrawKey, () => ({ before: view, after: revoked }));
    const [plain, leaked] = await Promise.all([
      runHere('keys', 'revoke', '--id', keyId, '--json'),
      runHere('keys', 'revoke', '--id', keyId, '--reason', 'leaked', '--json'),
    ]);
    const printed = { id: keyId, state: 'revoked', revokedAt: revoked.revokedAt };
    for (const ended of [plain, leaked])
      expect(ended).toEqual({ code: 0, out: `${JSON.stringify(printed)}\n`, err: '' });
    expect(revoking.map(({ reason }) => reason).sort()).toEqual(['leaked', 'other']);
  });

  test('a refusal is exit 1 and { error } on stdout', async () => {
    answer(issueKey, () => {
      throw new ServiceError('team_not_found', 'There is no such team.', { param: 'teamId' });
    });
    const ended = await runHere('keys', 'create', '--team', 'team_none', '--name', 'ci', '--json');
    expect(ended).toMatchObject({ code: 1, err: '' });
    expect(refusalOf(ended)).toEqual({ code: 'team_not_found', message: 'There is no such team.', param: 'teamId' });
  });
});

describe('teams', () => {
  const team = {
    ...{ id: 'team_acme', name: 'Acme', standing: 'active', suspensionReason: null },
    createdAt: '2027-01-01T00:00:00.000Z',
  } as ReplyOf<typeof resumeTeam>;
  const suspended = { ...team, standing: 'suspended', suspensionReason: 'Unpaid' } as typeof team;

  test('list prints all pages as one { teams }, and a table for a person', async () => {
    const next = { ...team, id: 'team_older' } as typeof team;
    answer(listTeams, ({ cursor }) => (cursor ? { teams: [next], next: null } : { teams: [suspended], next: team.id }));
    const [json, text] = await Promise.all([runHere('teams', 'list', '--json'), runHere('teams', 'list')]);
    expect(json).toEqual({ code: 0, out: `${JSON.stringify({ teams: [suspended, next] })}\n`, err: '' });
    expect(text.out).toMatch(/^ID +NAME +STANDING +REASON +CREATED\nteam_acme +Acme +suspended +Unpaid +2027/);
  });

  test('create takes an id, or makes one', async () => {
    const creating = answer(createTeam, ({ id, name }) => ({ id, name, createdAt: team.createdAt }));
    const [given] = await Promise.all([
      runHere('teams', 'create', '--name', 'Acme', '--id', 'team_acme', '--json'),
      runHere('teams', 'create', '--name', 'Other'),
    ]);
    expect(JSON.parse(given.out)).toEqual({ id: 'team_acme', name: 'Acme', createdAt: team.createdAt });
    const made = creating.find(({ name }) => name === 'Other');
    expect(made?.id).toMatch(/^team_[0-9a-f]{16}$/);
  });

  test('suspend needs a reason and resume takes it back; both print the team', async () => {
    const suspending = answer(suspendTeam, () => suspended);
    answer(resumeTeam, () => team);
    const wrong = await runHere('teams', 'suspend', '--team', 'team_acme');
    expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--reason is missing') });
    const flags = ['--team', 'team_acme', '--reason', 'Unpaid', '--json'];
    const done = await runHere('teams', 'suspend', ...flags);
    expect(done).toEqual({ code: 0, out: `${JSON.stringify(suspended)}\n`, err: '' });
    expect(suspending).toEqual([{ teamId: 'team_acme', reason: 'Unpaid' }]);
    const resumed = await runHere('teams', 'resume', '--team', 'team_acme', '--json');
    expect(resumed).toEqual({ code: 0, out: `${JSON.stringify(team)}\n`, err: '' });
  });

  test('a team that does not exist is exit 1 and { error }', async () => {
    answer(resumeTeam, () => {
      throw new ServiceError('team_not_found', 'There is no such team.', { param: 'teamId' });
    });
    const ended = await runHere('teams', 'resume', '--team', 'team_none');
    expect(ended.code).toBe(1);
    expect(refusalOf(ended)).toMatchObject({ code: 'team_not_found' });
  });
});

describe('usage', () => {
  test('summary prints the totals, and an exact amount for a person', async () => {
    const totals = { requests: 2, promptTokens: 40, completionTokens: 20, costNanoUsd: 1_015_000_000 };
    const summing = answer(summarizeUsage, () => totals);
    const [json, text] = await Promise.all([
      runHere('usage', 'summary', '--team', 'team_demo', '--since', '2027-01-01', '--json'),
      runHere('usage', 'summary', '--team', 'team_demo'),
    ]);
    expect(json).toEqual({ code: 0, out: `${JSON.stringify(totals)}\n`, err: '' });
    expect(text.out).toMatch(/^requests +2\n[^]*cost +1\.015000000 USD\n$/);
    expect(summing.map(({ since }) => since)).toEqual(expect.arrayContaining(['2027-01-01T00:00:00Z', null]));
  });

  const pages = { rows: 1_203, size: 500 };
  const answerPages = () =>
    answer(listUsage, ({ cursor }) => {
      const from = cursor === null ? 0 : Number(cursor.slice(-12)) + 1;
      const to = Math.min(from + pages.size, pages.rows);
      const rows = Array.from({ length: to - from }, (_, index) => rowOf(from + index));
      return { rows, next: to < pages.rows ? (rows.at(-1)?.requestId ?? null) : null };
    });

  test('list prints every row of every page as a JSON line', async () => {
    answerPages();
    const { code, out, err } = await runHere('usage', 'list', '--team', 'team_demo');
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { requestId: string });
    expect({ code, err, ids: rows.map((row) => row.requestId) }).toEqual({
      code: 0,
      err: '',
      ids: Array.from({ length: pages.rows }, (_, n) => idOf(n)),
    });
  });

  test('list ends quietly when its reader has seen enough', async () => {
    answerPages();
    const child = start(entry, 'usage', 'list', '--team', 'team_demo');
    child.stdout?.once('data', () => child.stdout?.destroy());
    expect(await endOf(child)).toMatchObject({ code: 0, err: '' });
  });
});

function start(file: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [file, ...args, '--dir', dir], { env: { PATH: process.env.PATH }, cwd: repository });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return () => text;
}

async function endOf(child: ChildProcess) {
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: out(), err: err() };
}

describe('usage tail', () => {
  test.each([
    ['SIGINT', 'the command', entry],
    ['SIGTERM', 'what npm starts', script],
  ] as const)('prints each settled row of the team once, until %s reaches %s', async (signal, _, file) => {
    const child = start(file, 'usage', 'tail', '--team', 'team_demo');
    const [out, err] = [collect(child.stdout), collect(child.stderr)];
    await eventually(() => expect(err()).toBe('listening\n'));
    bus.broadcast(usageChanged, { rows: [rowOf(1), rowOf(2, 'team_other')] });
    bus.connection.publish(usageChanged.subject, 'no JSON at all');
    bus.broadcast(usageChanged, { rows: [] });
    bus.broadcast(usageChanged, { rows: [rowOf(3)] });
    await eventually(() => expect(out().trim().split('\n')).toHaveLength(2));
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(out()).toBe([1, 3].map((n) => `${JSON.stringify(rowOf(n))}\n`).join(''));
  });

  test('ends with 0 when nobody reads any more', async () => {
    const child = start(entry, 'usage', 'tail');
    const err = collect(child.stderr);
    await eventually(() => expect(err()).toBe('listening\n'));
    child.stdout?.destroy();
    const closed = once(child, 'close');
    bus.broadcast(usageChanged, { rows: [rowOf(1)] });
    expect(await closed).toEqual([0, null]);
    expect(err()).toBe('listening\n');
  });
});

describe('a command that cannot be done', () => {
  test('is exit 2 with usage on stderr, naming the flag, and nothing on stdout', async () => {
    const lines: [string, ...string[]][] = [
      ['--colour', 'keys', 'list', '--team', 'team_demo', '--colour', 'red'],
      ['--id', 'keys', 'revoke', '--reason', 'leaked'],
      ['--since', 'usage', 'summary', '--team', 'team_demo', '--since', 'yesterday'],
    ];
    const all = await Promise.all(lines.map(([, ...args]) => run(...args)));
    for (const [index, ended] of all.entries()) {
      expect(ended).toMatchObject({ code: 2, out: '', err: expect.stringContaining(lines[index]?.[0] ?? '') });
      expect(ended.err).toContain('npm run -s usage -- tail');
    }
  });

  test('is exit 1 with what is missing when the environment names a bus and no authority to know it by', async () => {
    const named = { NATS_URL: 'tls://127.0.0.1:4222', NATS_PASSWORD: 'token' };
    const ended = await runIn({ PATH: process.env.PATH, ...named }, 'usage', 'summary', '--team', 'team_demo');
    expect(ended).toMatchObject({ code: 1, err: '' });
    expect(refusalOf(ended)).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('TLS_DIR') });
  });

  test('is exit 1 with service_unavailable and what to do when the stack does not run', async () => {
    const nowhere = { NATS_URL: `nats://127.0.0.1:${await freePort()}`, NATS_USER: 'ops', NATS_PASSWORD: 'token' };
    const env = { PATH: process.env.PATH, INTERNAL_TLS: 'off', ...nowhere };
    const [noStack, noAnswer, noService, wrongPassword] = await Promise.all([
      run('usage', 'summary', '--team', 'team_demo', '--dir', '/nowhere'),
      runIn(env, 'usage', 'summary', '--team', 'team_demo'),
      runHere('usage', 'summary', '--team', 'team_demo'),
      runIn({ ...env, NATS_URL: nats.url }, 'usage', 'summary', '--team', 'team_demo'),
    ]);
    for (const ended of [noStack, noAnswer, noService, wrongPassword]) {
      expect(ended).toMatchObject({ code: 1, err: '' });
      expect(refusalOf(ended)).toMatchObject({ code: 'service_unavailable' });
    }
    expect(noStack.out).toContain('npm start -- --dir /nowhere');
    expect(noAnswer.out).toContain('The stack is not running');
    expect(wrongPassword.out).toContain('refuses us');
  });
});

test('npm run keys and npm run usage print and exit as the commands do', async () => {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { scripts: object };
  expect(manifest.scripts).toMatchObject({
    keys: 'node tools/operator.mjs keys',
    usage: 'node tools/operator.mjs usage',
    teams: 'node tools/operator.mjs teams',
  });
  answer(listKeys, () => ({ keys: [], next: null }));
  const runScript = (...args: string[]) => endOf(start(script, ...args));
  const [done, refused, wrong] = await Promise.all([
    runScript('keys', 'list', '--team', 'team_demo', '--json'),
    runScript('usage', 'summary', '--team', 'team_demo', '--json'),
    runScript('usage', 'summary'),
  ]);
  expect(done).toEqual({ code: 0, out: '{"keys":[]}\n', err: '' });
  expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('service_unavailable'), err: '' });
  expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--team is missing') });
});
