import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listUsage, type TeamId, type UsageEvent } from '@orgn/contracts';
import { eventually, startBackbone, type Backbone, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { usageMeteringService } from '../service.ts';
import { makeRequestId, makeUsageEvent } from './make.ts';
import { Witnesses } from './testing/witnesses.ts';

const schema = 'usage_metering';
let backbone: Backbone;
let metering: TestService;
let admin: Client;
let witnesses: Witnesses;

beforeAll(async () => {
  backbone = await startBackbone([{ name: schema, migrations }]);
  admin = new Client({ connectionString: backbone.postgres.adminUrl });
  await admin.connect();
  // What a database may refuse, whatever the code before it has checked.
  await admin.query(`
    CREATE FUNCTION usage_metering.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.model = 'poison' THEN RAISE 'no such model'; END IF; RETURN NEW; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON usage_metering.usage_rows FOR EACH ROW EXECUTE FUNCTION usage_metering.refuse()`);
  metering = await backbone.start(usageMeteringService, { instance: 'usage-metering-1', schema });
  witnesses = new Witnesses(backbone.bus);
});

afterAll(async () => {
  witnesses.close();
  await admin.end();
  await backbone.stop();
});

const teamId = 'team_poisoned' as TeamId;
const rowsOf = async () =>
  (await backbone.bus.ask(listUsage, { teamId })).rows.map(({ requestId }) => requestId).sort();

test('a word that the database refuses holds up nobody: all others of its batch are settled', async () => {
  const good = Array.from({ length: 150 }, () => makeUsageEvent({ teamId, requestId: makeRequestId() }));
  const poison = makeUsageEvent({ teamId, requestId: makeRequestId(), model: 'poison' });
  await witnesses.publish(...good.slice(0, 100), poison, ...good.slice(100));
  const expected = good.map(({ data }: UsageEvent) => data.requestId).sort();
  await eventually(async () => expect(await rowsOf()).toEqual(expected));
  const text = await (await fetch(`http://127.0.0.1:${metering.config.OPS_PORT}/metrics`)).text();
  expect(text).toMatch(/^orgn_usage_quarantined_total\{.*reason="unsettleable".*\} 1$/m);
  // The poison is taken off its publisher's hands too, or it would come back.
  await eventually(() => expect(witnesses.unsettled).toBe(0));
});
