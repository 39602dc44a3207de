import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ConsoleRequest, RequestDetail, UsageGroup } from '@orgn/console-api';
import type { KeyId } from '@orgn/contracts';
import type { Person } from '../testing/auth-host.ts';
import { Metering, requestIdOf } from '../testing/metering.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

const HOUR_MS = 3_600_000;

let host: TeamHost;
let metering: Metering;

beforeAll(async () => {
  host = await TeamHost.start();
  metering = await Metering.beside(host.auth);
});
afterAll(async () => {
  await metering.close();
  await host.stop();
});

const get = async (team: TestTeam, as: Person, rest: string) => {
  const { status, body } = await host.call(as, 'GET', `/api/teams/${team.id}${rest}`);
  return { status, ...body } as unknown as Record<string, unknown> & { code?: string; data: ConsoleRequest[] };
};
const requests = (team: TestTeam, as: Person, query = '') => get(team, as, `/requests${query}`);
const before = (hours: number) => new Date(Date.now() - hours * HOUR_MS);

/** A team of which the owner and a member have each used a key of theirs. */
async function usedTeam() {
  const team = await host.team();
  const [own, others] = [await host.key(team, team.member), await host.key(team, team.owner)];
  const used = (key: { id: string }, owner: Person, more = {}) =>
    metering.use({ teamId: team.id, keyId: key.id, ownerId: owner.userId, ...more });
  const ids = {
    own: await used(own, team.member, { at: before(1), costNanoUsd: 61_650 }),
    others: await used(others, team.owner, { at: before(2), model: 'vercel_b', outcome: 'failed' }),
    former: await metering.use({ teamId: team.id, keyId: others.id, at: before(3), isRecorded: false }),
    operators: await metering.use({ teamId: team.id, keyId: others.id, at: before(4) }),
    tried: await used(own, team.member, { at: before(5), source: 'playground' }),
    withheld: await used(own, team.member, { at: before(6), outcome: 'withheld' }),
  };
  return { team, own, others, ids };
}

describe('what a team used', () => {
  test('is told by what its reader asks, and adds up to its requests', async () => {
    const { team, own, others } = await usedTeam();
    const usage = await get(team, team.admin, '/usage?range=24h&by=member');
    expect(usage).toMatchObject({
      unit: 'hour',
      total: { requests: 6, failed: 1, withheld: 1, costUsd: '0.000065650' },
      before: { requests: 0, costUsd: '0.000000000' },
    });
    const groups = usage.groups as UsageGroup[];
    const labels = groups.map(({ name, label, sums }) => [name, label, sums.requests]);
    expect(labels.sort()).toEqual(
      [
        [team.member.userId, 'Some Body', 3],
        [team.owner.userId, 'Some Body', 1],
        ['operator', 'Keys of the operator', 1],
        ['unrecorded', 'Before owners were recorded', 1],
      ].sort(),
    );
    const { data } = await requests(team, team.admin);
    const nano = data.map(({ costUsd }) => Number(costUsd.replace('.', '')));
    expect(nano.reduce((sum, one) => sum + one, 0)).toBe(65_650);
    const byKey = (await get(team, team.admin, '/usage?by=key')).groups as UsageGroup[];
    expect(byKey.map(({ name, key }) => [name, key?.id]).sort()).toEqual(
      [
        [own.id, own.id],
        [others.id, others.id],
        ['playground', undefined],
      ].sort(),
    );
  });

  test('is to members what is their own, and to viewers nothing', async () => {
    const { team } = await usedTeam();
    expect((await get(team, team.member, '/usage')).total).toMatchObject({ requests: 3 });
    const foreign = await get(team, team.member, `/usage?member=${team.owner.userId}`);
    expect([foreign.status, foreign.code]).toEqual([403, 'not_permitted']);
    expect((await get(team, team.member, `/usage?member=${team.member.userId}`)).total).toMatchObject({ requests: 3 });
    expect(await get(team, team.viewer, '/usage')).toMatchObject({ status: 403 });
    expect(await get(team, team.viewer, '/requests')).toMatchObject({ status: 403 });
  });

  test('counts requests of keys by day, of those whose usage the reader may see', async () => {
    const { team, own, others } = await usedTeam();
    const keys = `?days=2&keys=${own.id},${others.id},key_${'f'.repeat(32)}`;
    const sums = async (as: Person) => {
      const { data } = (await get(team, as, `/usage/keys${keys}`)) as unknown as {
        data: { keyId: KeyId; requests: number[] }[];
      };
      return data.map(({ keyId, requests: days }) => [keyId, days.length, days.reduce((sum, one) => sum + one, 0)]);
    };
    expect(await sums(team.owner)).toEqual([
      [own.id, 2, 2],
      [others.id, 2, 3],
    ]);
    expect(await sums(team.member)).toEqual([[own.id, 2, 2]]);
  });

  test.each([
    ['?range=7d&from=2026-01-01T00:00:00Z', 'range'],
    ['?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z', 'until'],
    ['?from=2020-01-01T00:00:00Z', 'from'],
    ['?by=address', 'by'],
    ['?days=3', 'days'],
  ])('refuses %s', async (query, path) => {
    const team = await host.team();
    const answer = await get(team, team.owner, `/usage${query}`);
    expect([answer.status, (answer.errors as { path: string }[])[0]?.path]).toEqual([400, path]);
  });
});

describe('the requests of a team', () => {
  test('are listed newest first with who, what and how it ended, filtered and paged', async () => {
    const { team, own, ids } = await usedTeam();
    const { data } = await requests(team, team.owner);
    expect(data.map(({ id }) => id)).toEqual(Object.values(ids));
    expect(data.map(({ outcome, source, owner }) => [outcome, source, owner])).toEqual([
      ['completed', 'api', 'member'],
      ['failed', 'api', 'member'],
      ['completed', 'api', 'unrecorded'],
      ['completed', 'api', 'operator'],
      ['completed', 'playground', 'member'],
      ['withheld', 'api', 'member'],
    ]);
    expect(data[0]).toMatchObject({ key: { id: own.id }, member: { id: team.member.userId }, costUsd: '0.000061650' });
    expect(data[4]).toMatchObject({ key: null, member: { id: team.member.userId } });
    expect(data[5]).toMatchObject({ costUsd: '0.000000000' });
    const idsOf = async (query: string) => (await requests(team, team.owner, query)).data.map(({ id }) => id);
    expect(await idsOf('?outcome=failed')).toEqual([ids.others]);
    expect(await idsOf('?model=vercel_b')).toEqual([ids.others]);
    expect(await idsOf('?source=playground')).toEqual([ids.tried]);
    expect(await idsOf('?key=playground')).toEqual([ids.tried]);
    expect(await idsOf('?member=unrecorded')).toEqual([ids.former]);
    expect(await idsOf(`?from=${before(2.5).toISOString()}`)).toEqual([ids.own, ids.others]);
    const page = await requests(team, team.owner, '?limit=2');
    expect(await idsOf(`?limit=100&cursor=${page.nextCursor as string}`)).toEqual(Object.values(ids).slice(2));
  });

  test('show why one was refused, and what an id means that nobody knows', async () => {
    const { team, own } = await usedTeam();
    const id = await metering.refuse({ teamId: team.id, keyId: own.id as KeyId, ownerId: team.member.userId });
    const detail = (await get(team, team.member, `/requests/${id}`)) as unknown as RequestDetail;
    expect(detail).toMatchObject({
      outcome: 'refused',
      key: { id: own.id },
      member: { id: team.member.userId },
      refusal: { code: 'model_not_allowed', param: 'model', status: 403, path: '/v1/chat/completions' },
      usage: null,
      lines: null,
    });
    expect(detail.refusal?.action).toMatch(/\w/);
    expect((await requests(team, team.member, '?outcome=refused')).data.map((one) => one.id)).toEqual([id]);
    const unknown = await get(team, team.owner, `/requests/${requestIdOf(new Date())}`);
    expect([unknown.status, unknown.code]).toEqual([404, 'not_found']);
    expect(unknown.detail).toContain('of unknown keys nothing is kept');
  });

  test('are charged line by line', async () => {
    const { team, ids } = await usedTeam();
    const price = JSON.stringify({ input: '0.15', output: '0.6', request: '0.00006' });
    await metering.database.query(
      `INSERT INTO listed_prices (version, model, price) VALUES ('v1', 'near_qwen3_30b', $1) ON CONFLICT DO NOTHING`,
      [price],
    );
    expect(await get(team, team.owner, `/requests/${ids.own}`)).toMatchObject({
      lines: [
        { what: 'input', count: 10, rate: '0.15', usd: '0.000001500000000' },
        { what: 'output', count: 5, rate: '0.6', usd: '0.000003000000000' },
        { what: 'request', count: 1, rate: '0.00006', usd: '0.000060000000000' },
      ],
      usage: { countedBy: 'provider', witness: 'router' },
    });
    expect(await get(team, team.owner, `/requests/${ids.withheld}`)).toMatchObject({ lines: null });
  });

  test('of others are not there for a member, nor those of another team for anybody', async () => {
    const { team, ids } = await usedTeam();
    const other = await host.team();
    expect(await get(team, team.member, `/requests/${ids.own}`)).toMatchObject({ id: ids.own });
    for (const [where, as] of [
      [team, team.member],
      [other, other.owner],
    ] as const)
      expect(await get(where, as, `/requests/${ids.others}`)).toMatchObject({ status: 404, code: 'not_found' });
    expect((await requests(team, team.member)).data.map(({ id }) => id)).toEqual([ids.own, ids.tried, ids.withheld]);
    expect((await requests(other, other.owner)).data).toEqual([]);
  });
});

describe('an export of requests', () => {
  const read = async (team: TestTeam, as: Person, query: string) => {
    const response = await host.auth.call(as, 'GET', `/api/teams/${team.id}/requests${query}`);
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };

  test('is CSV that no spreadsheet takes for formulas, or NDJSON, of all that the filters match', async () => {
    const team = await host.team();
    const key = await host.key(team, team.owner, { name: '=HYPERLINK("http://evil.test","x")' });
    for (let at = 0; at < 250; at += 1)
      await metering.use({ teamId: team.id, keyId: key.id, ownerId: team.owner.userId, at: before(at / 100) });
    const { type, text } = await read(team, team.owner, '?format=csv');
    expect(type).toContain('text/csv');
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(251);
    expect(lines[0]).toMatch(/^id,at,outcome,source,key_id,key_name,/);
    expect(lines[1]).toContain(`,"'=HYPERLINK(""http://evil.test"",""x"")",`);
    const ndjson = await read(team, team.owner, '?format=ndjson&outcome=completed');
    const ids = ndjson.text
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as ConsoleRequest).id);
    expect(new Set(ids).size).toBe(250);
    expect((await read(team, team.member, '?format=csv')).text.trimEnd().split('\r\n')).toHaveLength(1);
    expect(await read(team, team.viewer, '?format=csv')).toMatchObject({ status: 403 });
    expect(await read(team, team.owner, '?format=csv&from=x')).toMatchObject({ status: 400 });
  });
});
