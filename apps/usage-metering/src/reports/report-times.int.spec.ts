import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countDaily, reportTeams, reportUsage, searchRequests, type KeyId, type TeamId } from '@orgn/contracts';
import { migrate } from '@orgn/database';
import { startBackbone, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { RollUsageUp1796400000000 } from '../migrations/1796400000000-roll-usage-up.ts';
import { usageMeteringService } from '../service.ts';

const schema = 'usage_metering';
const isLong = process.env.TEST_LONG === '1';
/** REPORT_ROWS: another size, to look at. */
const ROWS = Number(process.env.REPORT_ROWS ?? (isLong ? 10_000_000 : 10_000));
const ASKED = isLong ? 400 : 32;
const AT_ONCE = 500_000;
const DAY_MS = 86_400_000;
const TEAMS = 5;
const DAYS = 90;
const KEYS = 40;

/**
 * Rows as 90 days leave them, one every few milliseconds: the first team has two thirds of them, and every combination of 40 keys,
 * their owners and 16 models comes up in an hour as chance has it.
 */
const FILL = `
  INSERT INTO usage_rows (request_id, team_id, key_id, owner_id, lineage_id, model, provider, execution, outcome, counted_by,
    witness, streamed, prompt_tokens, completion_tokens, cost_nano_usd, price_version, started_at, duration_ms, rank, recorded_at)
  SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
    'team_report-' || CASE n % 3 WHEN 0 THEN n % ${TEAMS} ELSE 0 END, 'key_' || lpad(key::text, 32, '0'),
    'user_' || lpad((key % 12)::text, 32, '0'), 'key_' || lpad(key::text, 32, '0'), 'model_number_' || model, 'near',
    CASE WHEN model < 8 THEN 'tee' ELSE 'zdr' END, CASE n % 50 WHEN 0 THEN 'failed' ELSE 'completed' END, 'provider', 'router', true,
    100, 50, 1000, 'v1', at, 250, 2, now()
  FROM (
    SELECT n, abs(hashint8(n)) % ${KEYS} AS key, abs(hashint8(-n)) % 16 AS model,
      now() - interval '${DAYS} days' * (1 - n::float8 / $3) - interval '1 minute' AS at
    FROM generate_series($1::bigint, $2::bigint) AS n
  ) AS made`;

let backbone: Backbone;

/** The rows come first and their sums with the migration, as in a deployment of a release before; one by one they take hours. */
beforeAll(async () => {
  const before = migrations.slice(0, migrations.indexOf(RollUsageUp1796400000000));
  backbone = await startBackbone([{ name: schema, migrations: before }]);
  const { adminUrl } = backbone.postgres;
  const database = new Client({ connectionString: adminUrl, options: `-c search_path=${schema}` });
  await database.connect();
  for (let from = 0; from < ROWS; from += AT_ONCE)
    await database.query(FILL, [from, Math.min(from + AT_ONCE, ROWS) - 1, ROWS]);
  await migrate(adminUrl, [{ name: schema, migrations, password: new URL(backbone.postgres.urlOf(schema)).password }]);
  await database.query('VACUUM ANALYZE');
  await database.end();
  await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema });
}, 7_200_000);
afterAll(() => backbone.stop());

const spans = [1, 7, 30, DAYS].map((days) => ({ days, unit: days <= 7 ? ('hour' as const) : ('day' as const) }));
const dimensions = ['model', 'key', 'member', 'execution'] as const;
const narrowings = [
  {},
  { model: 'model_number_3' },
  { key: `key_${'7'.padStart(32, '0')}` },
  { member: `user_${'7'.padStart(32, '0')}` },
  { execution: 'tee' as const },
];
const lastDays = (days: number) => ({
  from: new Date(Date.now() - days * DAY_MS).toISOString(),
  until: new Date().toISOString(),
});

/** Asks one report of a team, as the pages of usage do; all kinds of them in turn. */
async function ask(turn: number): Promise<void> {
  const { days, unit } = spans[turn % spans.length]!;
  const by = dimensions[Math.floor(turn / spans.length) % dimensions.length]!;
  const narrowing = narrowings[Math.floor(turn / 16) % narrowings.length]!;
  const teamId = `team_report-${turn % 3 === 0 ? turn % TEAMS : 0}` as TeamId;
  const report = await backbone.bus.ask(reportUsage, { teamId, ...lastDays(days), unit, by, ...narrowing });
  const sumOf = (rows: { sums: { requests: number } }[]) => rows.reduce((sum, { sums }) => sum + sums.requests, 0);
  expect([sumOf(report.groups), sumOf(report.series)]).toEqual([report.total.requests, report.total.requests]);
}

/** Asks again and again, and prints how long it took. @returns the time that 95 of 100 stay within, in milliseconds */
async function timed(name: string, asked: number, once: (turn: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < asked; turn += 1) {
    const from = performance.now();
    await once(turn);
    times.push(performance.now() - from);
  }
  times.sort((one, other) => one - other);
  const [p50, p95] = [0.5, 0.95].map((share) => times[Math.floor(times.length * share)]!);
  const most = times.at(-1)!;
  process.stdout.write(
    `${name} on ${ROWS} rows: p50 ${p50!.toFixed(1)} ms, p95 ${p95!.toFixed(1)} ms, at most ${most.toFixed(1)} ms, ${asked} asked\n`,
  );
  return p95!;
}

test('a report is the sum of its rows, however many there are, and comes within 50 ms', async () => {
  const whole = lastDays(DAYS + 2);
  const { total } = await backbone.bus.ask(reportUsage, { teamId: null, ...whole, unit: 'day', by: 'model' });
  expect([total.requests, total.costNanoUsd]).toEqual([ROWS, ROWS * 1_000]);
  const teams = await backbone.bus.ask(reportTeams, { ...whole, unit: 'day' });
  expect([teams.groups.length, teams.total]).toEqual([TEAMS, total]);

  const p95 = await timed('reports', ASKED, ask);
  if (isLong) expect(p95).toBeLessThanOrEqual(50);
}, 600_000);

test('the sparklines of keys and a page of requests come from the same rows', async () => {
  const teamId = 'team_report-0' as TeamId;
  const keyIds = Array.from({ length: KEYS }, (_, at) => `key_${String(at).padStart(32, '0')}` as KeyId);
  await timed('sparklines', ASKED / 8, async () => {
    const { keys } = await backbone.bus.ask(countDaily, { teamId, keyIds, days: 30 });
    expect(keys.every(({ requests }) => requests.length === 30 && requests.some((count) => count > 0))).toBe(true);
  });
  await timed('pages of requests', ASKED / 8, async (turn) => {
    const narrowing = narrowings[turn % narrowings.length]!;
    const { records } = await backbone.bus.ask(searchRequests, { teamId, ...lastDays(30), limit: 50, ...narrowing });
    expect(records.length).toBeGreaterThan(0);
  });
}, 600_000);
