import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { usageStream, type TeamId } from '@orgn/contracts';
import { ensureEventStream } from '@orgn/service-kit';
import { eventually, startBackbone, testEnvironment, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { makeRequestId, makeUsageEvent } from './make.ts';
import { Witnesses } from './testing/witnesses.ts';

const EVENTS = process.env.TEST_LONG === '1' ? 100_000 : 10_000;
const HEAP_MIB = 128;
const MOST_RSS_MIB = 400;
const schema = 'usage_metering';
const app = join(import.meta.dirname, '../..');
let backbone: Backbone;

beforeAll(async () => {
  execFileSync(process.execPath, [join(app, '../../node_modules/typescript/bin/tsc'), '-b', app]);
  backbone = await startBackbone([{ name: schema, migrations }]);
  await ensureEventStream(backbone.bus.connection);
}, 120_000);
afterAll(() => backbone.stop());

const rssMiB = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;

test(`a backlog of ${EVENTS} words is settled in bounded memory, and each is delivered once`, async () => {
  const witnesses = new Witnesses(backbone.bus);
  const teamId = 'team_backlog' as TeamId;
  for (let left = EVENTS; left > 0; left -= 5_000) {
    const some = Array.from({ length: Math.min(5_000, left) }, () =>
      makeUsageEvent({ teamId, requestId: makeRequestId() }),
    );
    await witnesses.publish(...some);
  }
  const { streams, consumers } = await jetstreamManager(backbone.bus.connection);
  const { messages } = (await streams.info(usageStream.name)).state;
  const { nats, postgres } = backbone;
  const env = await testEnvironment({ instance: 'usage-metering-1', nats, database: { postgres, schema } });
  const startedAt = performance.now();
  // What is garbage V8 keeps as long as it may: a small heap shows what is really held.
  const metering = spawn(process.execPath, [`--max-old-space-size=${HEAP_MIB}`, join(app, 'dist/main.js')], {
    env,
    stdio: 'ignore',
  });
  const admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  let most = 0;
  try {
    await eventually(
      async () => {
        most = Math.max(most, rssMiB(metering.pid!));
        const { rows } = await admin.query<{ n: string }>('SELECT count(*) AS n FROM usage_metering.usage_rows');
        expect(Number(rows[0]?.n)).toBe(EVENTS);
      },
      { timeoutMs: 240_000 },
    );
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const { delivered } = await consumers.info(usageStream.name, usageStream.durable);
    process.stdout.write(
      `\nbacklog: ${EVENTS} words in ${messages} messages settled in ${seconds} s in a heap of ${HEAP_MIB} MiB; RSS at most ${most.toFixed(0)} MiB; delivered ${delivered.consumer_seq} messages\n`,
    );
    expect(delivered.consumer_seq).toBe(messages);
    expect(most).toBeLessThan(MOST_RSS_MIB);
  } finally {
    witnesses.close();
    await admin.end();
    metering.kill('SIGTERM');
    if (metering.exitCode === null) await once(metering, 'exit');
  }
}, 300_000);
