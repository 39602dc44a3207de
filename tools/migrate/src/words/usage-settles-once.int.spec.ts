import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream } from '@nats-io/jetstream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toUsageEvent, usageRecord, usageRecordedByRouter, type UsageEvent } from '@orgn/contracts';
import { mintTicket, noLimits } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import {
  connectionOf,
  eventually,
  startBackbone,
  TEST_ADMISSION_KEYS,
  type Backbone,
  type TestService,
} from '@orgn/testing';
import { usageMeteringService } from '@orgn/usage-metering';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { backUp } from '../backup/back-up.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { DumpReader } from '../dump/dump-reader.ts';
import { restoreDump } from '../restore/restore-dump.ts';
import { migrationsBySchema, schemaNames } from '../service-schemas.ts';
import { inDatabase, pepper } from '../testing/deployment.ts';

const keys = z.object(admissionSettings).parse({ ADMISSION_KEYS: TEST_ADMISSION_KEYS }).ADMISSION_KEYS;
const dir = mkdtempSync(join(tmpdir(), 'orgn-backup-'));
const path = join(dir, 'orgn.tar');

let backbone: Backbone;
let metering: TestService | undefined;
let deployment: Deployment;

beforeAll(async () => {
  backbone = await startBackbone(schemaNames.map((name) => ({ name, migrations: migrationsBySchema[name] })));
  const { postgres, nats } = backbone;
  const bus = { url: nats.url, seed: nats.seedOf('usage-metering'), tls: null };
  deployment = { databaseUrl: postgres.adminUrl, databaseTls: false, peppers: [pepper], bus, secrets: 'nothing' };
  await startMetering();
}, 60_000);

afterAll(async () => {
  await backbone.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function startMetering(): Promise<void> {
  metering = await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema: 'usage_metering' });
}

async function endMetering(): Promise<void> {
  if (metering) await backbone.end(metering);
  metering = undefined;
}

/** What a router says of a request that the registry admitted. */
function makeWord(costNanoUsd: number): UsageEvent {
  const usage = usageRecord.parse({
    ...{ requestId: uuidv7(), teamId: 'team_acme', keyId: `key_${'0'.repeat(32)}`, model: 'm', provider: 'near' },
    ...{ execution: 'tee', outcome: 'completed', countedBy: 'provider', streamed: false, promptTokens: 1 },
    ...{ completionTokens: 2, costNanoUsd, priceVersion: 'v', startedAt: new Date().toISOString(), durationMs: 3 },
  });
  const { requestId, teamId, keyId } = usage;
  const limits = { executionPolicy: 'any' as const, ...noLimits };
  const whose = { source: 'api' as const, requestId, teamId, keyId, ownerId: null, lineageId: keyId };
  const ticket = mintTicket(keys, { ...whose, ...limits, admittedAtMs: Date.parse(usage.startedAt) }, null);
  return toUsageEvent(usage, { witness: 'router', instance: 'inference-router-1', ticket });
}

async function say(word: UsageEvent): Promise<void> {
  await jetstream(connectionOf(backbone.bus, 'inference-router')).publish(
    usageRecordedByRouter.subject,
    JSON.stringify([word]),
  );
}

const costs = async () =>
  (
    await inDatabase(backbone.postgres.adminUrl, (query) =>
      query<{ cost: string }>(
        'SELECT cost_nano_usd::text AS cost FROM usage_metering.usage_rows ORDER BY cost_nano_usd',
      ),
    )
  ).map(({ cost }) => Number(cost));
const left = () =>
  inDatabase(backbone.postgres.adminUrl, (query) =>
    query(
      `SELECT subject AS what FROM usage_metering.returned_words UNION ALL SELECT reason FROM usage_metering.quarantined_words`,
    ),
  );

test('usage that was under way when a backup was taken is in it, and settles once, whatever the stream still holds', async () => {
  const [settled, underWay, later] = [makeWord(1), makeWord(20), makeWord(300)];
  await say(settled);
  await eventually(async () => expect(await costs()).toEqual([1]));
  await endMetering();
  await say(underWay);
  const { manifest } = await backUp(deployment, path);
  expect(manifest.usage).toMatchObject({ words: 1 });

  await startMetering();
  await say(later);
  await eventually(async () => expect(await costs()).toEqual([1, 20, 300]));
  await endMetering();
  await using dump = await DumpReader.open(path);
  expect(await restoreDump(deployment, dump, { replace: true })).toMatchObject({
    usageRowsGone: 2,
    usageWordsReturned: 1,
  });
  expect(await costs()).toEqual([1]);
  // As where the volume of NATS is as old as the dump: the word is there a second time.
  await say(underWay);
  await startMetering();
  await eventually(async () => expect(await left()).toEqual([]));
  await eventually(async () => expect(await costs()).toEqual([1, 20]));

  // Everything is settled: nothing comes along, and nothing comes twice.
  const { manifest: next } = await backUp(deployment, path);
  expect(next.usage).toMatchObject({ words: 0 });
}, 60_000);

test('a backup says so when NATS cannot be asked, and is made all the same', async () => {
  const away = { ...deployment, bus: { url: 'nats://127.0.0.1:1', seed: deployment.bus!.seed, tls: null } };
  const { manifest } = await backUp(away, path);
  expect(manifest.usage).toBeNull();
});
