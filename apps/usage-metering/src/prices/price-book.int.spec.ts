import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listUsage, tellBalance, type TeamId } from '@orgn/contracts';
import { eventually, startBackbone, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeUsageEvent } from '../usage/make.ts';
import { Witnesses } from '../usage/testing/witnesses.ts';

const schema = 'usage_metering';
const folder = mkdtempSync(join(tmpdir(), 'orgn-prices-'));
const file = join(folder, 'models.yaml');
let backbone: Backbone;
let witnesses: Witnesses;
let admin: Client;
let teams = 0;

const list = (input: string) => {
  writeFileSync(`${file}.new`, `- { id: near_a, price: { input: '${input}', output: '0' } }\n`);
  renameSync(`${file}.new`, file);
};

beforeAll(async () => {
  list('1');
  backbone = await startBackbone([{ name: schema, migrations }]);
  const more = { MODELS_FILE: file, BILLING: 'postpaid' };
  await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema, more });
  witnesses = new Witnesses(backbone.bus);
  admin = new Client({ connectionString: backbone.postgres.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  witnesses.close();
  await admin.end();
  await backbone.stop();
  rmSync(folder, { recursive: true });
});

const newTeam = () => `team_priced-${(teams += 1)}` as TeamId;
const eventOf = (teamId: TeamId, input: string, costNanoUsd: number, witness: 'router' | 'gateway' = 'router') =>
  makeUsageEvent({ teamId, model: 'near_a', promptTokens: 1_000, completionTokens: 0, costNanoUsd }, witness, {
    price: { input, output: '0' },
  });
const settled = () => eventually(() => expect(witnesses.unsettled).toBe(0));
const costs = async (teamId: TeamId) =>
  (await backbone.bus.ask(listUsage, { teamId })).rows.map(({ costNanoUsd }) => costNanoUsd);
const waiting = async () => {
  const sql = 'SELECT count(*) AS count FROM usage_metering.waiting_words';
  return Number((await admin.query<{ count: string }>(sql)).rows[0]?.count);
};

describe('usage is charged by what metering finds', () => {
  test('whatever a word says that it costs, from a router as from a gateway', async () => {
    const teamId = newTeam();
    await witnesses.publish(
      eventOf(teamId, '1', 1_000_000),
      eventOf(teamId, '1', 5),
      eventOf(teamId, '1', 9e12, 'gateway'),
    );
    await settled();
    expect(await costs(teamId)).toEqual([1_000_000, 1_000_000, 1_000_000]);
    expect((await backbone.bus.ask(tellBalance, { teamId })).owedNanoUsd).toBe('3000000');
  });

  test('and waits while it knows no such price, without holding up others, until a file lists it', async () => {
    const teamId = newTeam();
    const words = [eventOf(teamId, '7', 7_000_000), eventOf(teamId, '1', 1_000_000), eventOf(teamId, '7', 1)];
    await witnesses.publish(...words);
    await settled();
    expect(await costs(teamId)).toEqual([1_000_000]);
    await witnesses.repeat(words[0]!);
    await eventually(async () => expect(await waiting()).toBe(2));
    list('7');
    await eventually(async () => expect(await waiting()).toBe(0));
    expect((await costs(teamId)).sort()).toEqual([1_000_000, 7_000_000, 7_000_000]);
    expect((await backbone.bus.ask(tellBalance, { teamId })).usedNanoUsd).toBe('15000000');
  });

  test('and goes on by the price before for requests that were admitted until metering read the new one', async () => {
    const teamId = newTeam();
    list('8');
    await eventually(async () => {
      const { rows } = await admin.query('SELECT 1 FROM usage_metering.price_versions WHERE valid_until IS NOT NULL');
      expect(rows.length).toBeGreaterThan(1);
    });
    await witnesses.publish(eventOf(teamId, '7', 7_000_000), eventOf(teamId, '8', 8_000_000));
    await settled();
    expect((await costs(teamId)).sort()).toEqual([7_000_000, 8_000_000]);
  });

  test('and a file that cannot be read changes nothing', async () => {
    const teamId = newTeam();
    writeFileSync(file, 'not: [a list');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await witnesses.publish(eventOf(teamId, '8', 8_000_000));
    await settled();
    expect(await costs(teamId)).toEqual([8_000_000]);
  });
});
