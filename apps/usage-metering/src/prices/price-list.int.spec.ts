import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listUsage, type ModelPrice, type UsageRow } from '@orgn/contracts';
import { costNanoUsd, type UsageCounts } from '@orgn/pricing';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeUsageEvent } from '../usage/make.ts';
import { Witnesses } from '../usage/testing/witnesses.ts';

const schema = 'usage_metering';
let backbone: Backbone;
let witnesses: Witnesses;
let admin: Client;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema });
  witnesses = new Witnesses(backbone.bus);
  admin = new Client({ connectionString: backbone.postgres.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  witnesses.close();
  await admin.end();
  await backbone.stop();
});

const settled = () => eventually(() => expect(witnesses.unsettled).toBe(0));
const listed = async (version: string, model = 'near_qwen3_30b') => {
  const sql = 'SELECT price, listed_by FROM usage_metering.listed_prices WHERE version = $1 AND model = $2';
  const { rows } = await admin.query<{ price: ModelPrice; listed_by: string }>(sql, [version, model]);
  return rows[0];
};

const usd = fc.nat(99_999).map((n) => `${Math.floor(n / 1_000)}.${String(n % 1_000).padStart(3, '0')}`);
const rate = fc.option(usd, { nil: undefined });
const anyPrice: fc.Arbitrary<ModelPrice> = fc
  .record({
    ...{ input: usd, output: usd, cachedInput: rate, cacheWrite: rate, reasoning: rate },
    ...{ image: rate, audioSecond: rate, request: rate },
  })
  .map((price) => JSON.parse(JSON.stringify(price)) as ModelPrice);
const part = fc.option(fc.nat(5_000), { nil: undefined });
const anyCounts: fc.Arbitrary<UsageCounts> = fc
  .record({
    ...{ promptTokens: fc.nat(100_000), completionTokens: fc.nat(100_000), cachedTokens: part, cacheWriteTokens: part },
    ...{ reasoningTokens: part, images: part, audioSeconds: part, requests: fc.option(fc.nat(9), { nil: undefined }) },
  })
  .map((counts) => JSON.parse(JSON.stringify(counts)) as UsageCounts);

describe('a bill', () => {
  test('can be made again from the rows and the listed prices alone', async () => {
    const teamId = 'team_bill';
    const charges = fc.sample(fc.tuple(anyCounts, anyPrice), 60);
    const events = charges.map(([counts, price], index) => {
      const usage = { ...counts, teamId, priceVersion: `v${index}`, costNanoUsd: costNanoUsd(counts, price) };
      return makeUsageEvent(usage, index % 5 === 0 ? 'gateway' : 'router', { price });
    });
    await witnesses.publish(...events);
    await settled();
    const { rows } = await backbone.bus.ask(listUsage, { teamId });
    expect(rows).toHaveLength(events.length);
    for (const row of rows) {
      const { price } = (await listed(row.priceVersion))!;
      expect(costNanoUsd(countsOf(row), price)).toBe(row.costNanoUsd);
    }
  });
});

describe('a price', () => {
  const price = (input: string): ModelPrice => ({ input, output: '1' });
  const say = async (version: string, input: string, witness: 'router' | 'gateway') => {
    await witnesses.publish(makeUsageEvent({ priceVersion: version }, witness, { price: price(input) }));
    await settled();
  };

  test('stays as it was first listed under its version', async () => {
    await say('first', '1', 'router');
    await say('first', '2', 'router');
    expect(await listed('first')).toEqual({ price: price('1'), listed_by: 'router' });
  });

  test('that a gateway says stands until a router says it, and never after', async () => {
    await say('said', '9', 'gateway');
    expect(await listed('said')).toEqual({ price: price('9'), listed_by: 'gateway' });
    await say('said', '1', 'router');
    await say('said', '9', 'gateway');
    expect(await listed('said')).toEqual({ price: price('1'), listed_by: 'router' });
  });

  test('of a word without a good ticket is not listed', async () => {
    await witnesses.publish(makeUsageEvent({ priceVersion: 'bad' }, 'router', { ticket: null, price: price('1') }));
    await settled();
    expect(await listed('bad')).toBeUndefined();
  });
});

function countsOf(row: UsageRow): UsageCounts {
  const { promptTokens, completionTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = row;
  const { images, audioSeconds, requests } = row;
  return {
    promptTokens,
    completionTokens,
    cachedTokens,
    cacheWriteTokens,
    reasoningTokens,
    images,
    audioSeconds,
    requests,
  };
}
