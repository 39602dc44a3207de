import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countDaily, reportUsage, type KeyId, type TeamId } from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';

const schema = 'usage_metering';
const isLong = process.env.TEST_LONG === '1';
/** REPORT_ROWS: another size, to look at. */
const ROWS = Number(process.env.REPORT_ROWS ?? (isLong ? 10_000_000 : 10_000));
const AT_ONCE = 20_000;
const ASKED = isLong ? 400 : 24;
const DAY_MS = 86_400_000;
const TEAMS = 5;
const DAYS = 90;

/** Rows as 90 days leave them: teams, keys, models and people by turns, one every few milliseconds. */
const FILL = `
  INSERT INTO usage_rows (request_id, team_id, key_id, owner_id, lineage_id, model, provider, execution, outcome, counted_by,
    witness, streamed, prompt_tokens, completion_tokens, cost_nano_usd, price_version, started_at, duration_ms, rank, recorded_at, source)
  SELECT (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
    'team_report-' || n % ${TEAMS}, 'key_' || lpad((n % 40)::text, 32, '0'), 'user_' || lpad((n % 12)::text, 32, '0'),
    'key_' || lpad((n % 40)::text, 32, '0'), 'model_number_' || n % 16, 'near', 'tee',
    CASE n % 50 WHEN 0 THEN 'failed' ELSE 'completed' END, 'provider', 'router', true, 100, 50, 1000, 'v1', at, 250, 2, now(), 'api'
  FROM (SELECT n, now() - interval '${DAYS} days' * (1 - n::float8 / $3) - interval '1 minute' AS at FROM generate_series($1::bigint, $2::bigint) AS n) AS made`;

let backbone: Backbone;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  const database = new Client({ connectionString: backbone.postgres.urlOf(schema) });
  await database.connect();
  await database.query('SET statement_timeout = 0');
  for (let from = 0; from < ROWS; from += AT_ONCE)
    await database.query(FILL, [from, Math.min(from + AT_ONCE, ROWS) - 1, ROWS]);
  await database.end();
  await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema });
}, 7_200_000);
afterAll(() => backbone.stop());

const spans = [1, 7, 30, DAYS].map((days) => ({ days, unit: days <= 7 ? ('hour' as const) : ('day' as const) }));
const dimensions = ['model', 'key', 'member', 'execution'] as const;

/** Asks one report of a team, as the pages of usage do; all of them in turn. */
function ask(turn: number) {
  const { days, unit } = spans[turn % spans.length]!;
  const by = dimensions[Math.floor(turn / spans.length) % dimensions.length]!;
  const teamId = `team_report-${turn % TEAMS}` as TeamId;
  const [from, until] = [Date.now() - days * DAY_MS, Date.now()].map((ms) => new Date(ms).toISOString());
  return backbone.bus.ask(reportUsage, { teamId, from: from!, until: until!, unit, by });
}

test('a report is the sum of its rows, however many there are, and comes within 50 ms', async () => {
  const whole = { from: new Date(Date.now() - (DAYS + 2) * DAY_MS).toISOString(), until: new Date().toISOString() };
  const { total } = await backbone.bus.ask(reportUsage, { teamId: null, ...whole, unit: 'day', by: 'model' });
  expect([total.requests, total.costNanoUsd]).toEqual([ROWS, ROWS * 1_000]);

  const times: number[] = [];
  for (let turn = 0; turn < ASKED; turn += 1) {
    const from = performance.now();
    const { groups, total: sums } = await ask(turn);
    times.push(performance.now() - from);
    expect(groups.reduce((sum, group) => sum + group.sums.requests, 0)).toBe(sums.requests);
  }
  times.sort((one, other) => one - other);
  const [p50, p95] = [0.5, 0.95].map((share) => times[Math.floor(times.length * share)]!);
  process.stdout.write(
    `reports on ${ROWS} rows: p50 ${p50!.toFixed(1)} ms, p95 ${p95!.toFixed(1)} ms, ${ASKED} asked\n`,
  );
  if (isLong) expect(p95).toBeLessThanOrEqual(50);

  const keyIds = Array.from({ length: 40 }, (_, at) => `key_${String(at).padStart(32, '0')}` as KeyId);
  const { keys } = await backbone.bus.ask(countDaily, { teamId: 'team_report-0', keyIds, days: 30 });
  expect(keys.every(({ requests }) => requests.length === 30)).toBe(true);
}, 600_000);
