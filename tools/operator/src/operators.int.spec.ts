import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { listTeams, type ReplyOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { connectAs, connectTestBus, playResponder, startNats, type TestNats } from '@orgn/testing';

const script = join(import.meta.dirname, '../../operators.mjs');
const noTeams: ReplyOf<typeof listTeams> = { teams: [], next: null };

let nats: TestNats;
let bus: Bus;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  playResponder(bus, listTeams, () => noTeams);
});
afterAll(async () => {
  await bus.connection.close();
  await nats.stop();
});

function operators(...args: string[]): Promise<{ code: number; out: string; answer: Record<string, unknown> }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args, '--dir', nats.dir, '--json'], (_, out) => {
      resolve({ code: child.exitCode ?? -1, out, answer: JSON.parse(out || '{}') as Record<string, unknown> });
    });
  });
}

const connectWith = (seed: unknown) =>
  connect({ servers: nats.url, authenticator: nkeyAuthenticator(Buffer.from(String(seed))), maxReconnectAttempts: 0 });

test('an operator who was added asks under that name and no other, until the access is revoked: then the connection is cut', async () => {
  const added = await operators('add', 'alice');
  expect(added).toMatchObject({ code: 0, answer: { name: 'alice', seed: expect.stringMatching(/^SU[A-Z2-7]{56}$/) } });
  const { seed } = added.answer;
  const connection = await connectWith(seed);
  expect(await new Bus(connection, 'op-alice').ask(listTeams, {})).toEqual(noTeams);
  await expect(new Bus(connection, 'op-ops').ask(listTeams, {})).rejects.toMatchObject({ code: 'service_unavailable' });

  expect((await operators('list')).answer).toMatchObject({ operators: [{ name: 'ops' }, { name: 'alice' }] });
  expect((await operators('list')).out).not.toContain('SU');
  const closed = connection.closed();
  expect(await operators('revoke', 'alice')).toMatchObject({ code: 0 });
  await closed;
  await expect(connectWith(seed)).rejects.toThrow(/authorization/i);
  await (await connectAs(nats, 'op-ops')).close();
  expect(bus.connection.isClosed()).toBe(false);
});

test('what cannot be is refused with its reason, and changes nothing', async () => {
  const refused = [
    ['add', 'ops'],
    ['revoke', 'nobody'],
    ['add', 'not a name'],
    ['add', 'a.b'],
    ['add', '>'],
  ];
  const codes = ['request_conflict', 'not_found', 'invalid_request', 'invalid_request', 'invalid_request'];
  const answers = await Promise.all(refused.map((args) => operators(...args)));
  expect(answers.map(({ code, answer }) => [code, (answer.error as { code: string }).code])).toEqual(
    codes.map((code) => [1, code]),
  );
  expect((await operators('list')).answer).toMatchObject({ operators: [{ name: 'ops' }] });
});

test('two at once are both added', async () => {
  await Promise.all([operators('add', 'bob'), operators('add', 'carol')]);
  const { operators: all } = (await operators('list')).answer as { operators: { name: string }[] };
  expect(all.map(({ name }) => name).sort()).toEqual(['bob', 'carol', 'ops']);
});
