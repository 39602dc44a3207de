import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  deletePerson,
  exportPerson,
  invitePerson,
  keyView,
  listOwnedKeys,
  listPeople,
  movePeople,
  noRestrictions,
  pairPeople,
  withdrawKey,
  type KeyView,
  type UserId,
  type ReplyOf,
  type RequestContract,
  type RequestOf,
} from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectTestBus, playResponder, startNats, type TestNats } from '@orgn/testing';

const repository = join(import.meta.dirname, '../../..');
const entry = join(repository, 'tools/operator/dist/main.js');
const keyId = `key_${'a'.repeat(32)}`;

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
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [entry, ...args],
      { env: { PATH: process.env.PATH }, cwd: repository },
      (_, out, err) => {
        resolve({ code: child.exitCode ?? -1, out, err });
      },
    );
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

describe('people invite', () => {
  test('invites the first owner of a team and prints the link, which nobody else is told', async () => {
    const link = `https://console.example/invitations/accept#token=${'t'.repeat(43)}`;
    const asked = answer(invitePerson, ({ teamId, email, role }) => ({
      ...{ id: '019a0000-0000-7000-8000-000000000000', teamId, email, role, link },
      ...{ isNewTeam: true, expiresAt: '2027-01-08T00:00:00.000Z' },
    }));
    const flags = ['people', 'invite', '--team', 'team_first', '--email', 'ada@orgn.test', '--role', 'owner'];
    const { code, out } = await runHere(...flags);
    expect([code, out.includes(link), out.includes('team_first (new)')]).toEqual([0, true, true]);
    expect(JSON.parse((await runHere(...flags, '--json')).out)).toMatchObject({ link, role: 'owner' });
    expect(asked).toEqual([asked[0], { teamId: 'team_first', email: 'ada@orgn.test', role: 'owner' }]);
  });

  test('wants a team and an address, and knows four roles', async () => {
    for (const flags of [
      ['--email', 'ada@orgn.test'],
      ['--team', 'team_first'],
      ['--team', 'team_first', '--email', 'ada'],
      ['--team', 'team_first', '--email', 'ada@orgn.test', '--role', 'emperor'],
    ]) {
      expect((await runHere('people', 'invite', ...flags)).code).toBe(2);
    }
  });
});

describe('--owner', () => {
  const owner = `user_${'b'.repeat(32)}`;
  const owned = { ...view, ownerId: owner as UserId };

  test('lists and ends the keys of a person, named by id or by an address that one person has', async () => {
    let state: KeyView['state'] = 'active';
    const asked = answer(listOwnedKeys, () => ({ keys: [{ ...owned, state }], next: null }));
    const ended = answer(withdrawKey, () => {
      state = 'revoked';
      return { before: owned, after: { ...owned, state, revokedAt: '2027-01-02T00:00:00.000Z' } };
    });
    const person = { id: owner as UserId, iss: 'https://id', sub: 's', email: 'a@b.c', emailVerified: true };
    answer(listPeople, ({ email }) => ({
      people: email === 'a@b.c' ? [{ ...person, name: 'A', lastSignedInAt: null }] : [],
      next: null,
    }));
    const list = await runHere('keys', 'list', '--owner', owner, '--json');
    expect(JSON.parse(list.out)).toMatchObject({ keys: [{ id: keyId, state: 'active' }] });
    const revoked = await runHere('keys', 'revoke', '--owner', 'a@b.c', '--reason', 'leaked', '--json');
    expect(JSON.parse(revoked.out)).toMatchObject({ keys: [{ id: keyId, state: 'revoked' }] });
    expect([ended, asked[0]]).toEqual([
      [{ id: keyId, reason: 'leaked' }],
      { ownerId: owner, cursor: null, limit: 500 },
    ]);
    expect(refusalOf(await runHere('keys', 'list', '--owner', 'x@y.z'))).toMatchObject({ code: 'not_found' });
    for (const args of [['--owner', 'x'], ['--owner', owner, '--team', 'team_a'], []]) {
      expect((await runHere('keys', 'list', ...args)).code).toBe(2);
    }
  });
});

describe('people move', () => {
  const issuers = ['--from', 'https://old.example', '--to', 'https://new.example'];
  const id = `user_${'c'.repeat(32)}` as UserId;

  test('moves who is named in a file, and says what became of each', async () => {
    const file = join(dir, 'map.txt');
    writeFileSync(file, 'a → 1\nb 2\n');
    const asked = answer(movePeople, ({ people }) => ({
      people: people.map((one) => ({ ...one, outcome: 'moved' as const, id })),
    }));
    const { code, out } = await runHere('people', 'move', ...issuers, '--map', file, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([0, { people: [{ from: 'a', outcome: 'moved' }, { from: 'b' }] }]);
    const people = [
      { from: 'a', to: '1' },
      { from: 'b', to: '2' },
    ];
    expect(asked).toEqual([{ from: 'https://old.example', to: 'https://new.example', people }]);
  });

  test('by address prints who is who, and moves them with --yes only', async () => {
    const pairs = [{ id, email: 'a@b.c', from: 'a', to: '1' }];
    answer(pairPeople, () => ({ pairs, ambiguous: ['d@e.f'], next: null }));
    const asked = answer(movePeople, ({ people }) => ({
      people: people.map((one) => ({ ...one, outcome: 'moved' as const, id })),
    }));
    const looked = await runHere('people', 'move', ...issuers, '--by-email');
    expect([looked.code, looked.out, looked.err]).toEqual([
      0,
      expect.stringContaining('a@b.c'),
      expect.stringMatching(/--yes[^]*d@e\.f/),
    ]);
    expect(asked).toEqual([]);
    expect((await runHere('people', 'move', ...issuers, '--by-email', '--yes')).out).toContain('moved');
    expect(asked).toHaveLength(1);
  });

  test.each([
    [[...issuers]],
    [[...issuers, '--by-email', '--map', 'x']],
    [[...issuers, '--map', '/nowhere']],
    [['--from', 'old', '--to', 'new', '--by-email']],
    [['--from', 'https://a', '--to', 'https://a', '--by-email']],
  ])('is refused with %j before anything is asked', async (args) => {
    expect((await runHere('people', 'move', ...args)).code).toBe(2);
  });
});

describe('people export and people delete', () => {
  const id = `user_${'c'.repeat(32)}` as UserId;

  test('print what is held of a person, with the whole of the log, and forget them', async () => {
    const user = { id, iss: 'https://id.example', sub: 's', email: 'a@b.test', emailVerified: true, name: 'A' };
    const moments = { createdAt: '2026-01-01T00:00:00Z', lastSignedInAt: null };
    const data = { user: { ...user, ...moments }, sessions: [], teams: [], keys: [], invitations: [], usage: [] };
    const entries = ['1', '2'].map((digit) => ({
      ...{ id: `019bd1c2-77a1-7c3e-9d2b-3f6a1c0e9b1${digit}`, at: moments.createdAt, teamId: null },
      ...{ action: 'session.created', object: { kind: 'session', id: 's' }, before: null, after: null, client: null },
    }));
    const [first, second] = entries as [(typeof entries)[0], (typeof entries)[0]];
    const asked = answer(exportPerson, ({ cursor }) =>
      cursor === null ? { data, entries: [first], next: first.id } : { data, entries: [second], next: null },
    );
    const exported = await runHere('people', 'export', '--id', id, '--json');
    expect(JSON.parse(exported.out)).toEqual({ ...data, auditEntries: entries });
    expect(asked.map(({ cursor }) => cursor)).toEqual([null, first.id]);

    const deleted = answer(deletePerson, () => ({ id, teamsLeft: 2, teamsEnded: 1, keysSettled: 3 }));
    const ended = await runHere('people', 'delete', '--id', id, '--keys', 'revoke', '--confirm');
    expect([ended.code, ended.out]).toEqual([0, expect.stringContaining(id)]);
    expect(deleted).toEqual([{ id, keys: 'revoke', isConfirmed: true }]);
  });
});
