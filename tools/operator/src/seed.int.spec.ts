import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTeam, creditTeam, enrolMember, issueKey, ServiceError, type KeyId } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectTestBus, playResponder, startNats, type TestNats } from '@orgn/testing';

const project = join(import.meta.dirname, '..');
const compiler = join(project, '../../node_modules/typescript/bin/tsc');
const key = 'sk-ollm-zzzzzzzzzzzzzzzzzzzzzzzzz01lpw8y';

let nats: TestNats;
let bus: Bus;

beforeAll(async () => {
  execFileSync(process.execPath, [compiler, '-b', project]);
  nats = await startNats();
  bus = await connectTestBus(nats);
});

afterAll(async () => {
  await bus.connection.close();
  await nats.stop();
});

/** Plays auth, where the name `demo` is taken. Answers what it was asked for, newest last. */
function playAuth(): { asked: string[]; stop: () => void } {
  const asked: string[] = [];
  const team = playResponder(bus, createTeam, ({ id, name }) => {
    asked.push(name);
    return { id, name, createdAt: '2027-01-01T00:00:00.000Z' };
  });
  const member = playResponder(bus, enrolMember, ({ teamId, sub, role }) => {
    asked.push(`${sub} as ${role} of ${teamId}`);
    return {};
  });
  const credit = playResponder(bus, creditTeam, ({ teamId, amount, idempotencyKey }) => {
    asked.push(`${amount} USD once as ${idempotencyKey}`);
    const [some, none] = ['25000000000', '0'];
    const sums = { fundsNanoUsd: some, availableNanoUsd: some, heldNanoUsd: none, owedNanoUsd: none };
    return {
      isNew: true,
      balance: { teamId, billing: 'prepaid' as const, ...sums, usedNanoUsd: none, waivedNanoUsd: none },
    };
  });
  const issue = playResponder(bus, issueKey, ({ name, teamId }) => {
    asked.push(name);
    if (name === 'demo') throw new ServiceError('request_conflict', 'The team has a key of this name.');
    return { id: `key_${'a'.repeat(32)}` as KeyId, key, hint: 'sk-ollm-…pw8y', teamId };
  });
  return { asked, stop: () => [team, member, credit, issue].forEach((each) => each()) };
}

test('the seed waits for the services, enrols its people, takes the next name when a half-finished seed has taken one, and prints one line', async () => {
  const person = { sub: 'demo-owner', email: 'owner@orgn.test', name: 'Olivia Owner', role: 'owner' };
  const people = JSON.stringify([person, { ...person, sub: 'demo-viewer', role: 'viewer' }]);
  const env = {
    INTERNAL_TLS: 'off',
    NATS_URL: nats.url,
    NATS_OPERATOR: 'ops',
    NATS_SEED: nats.seedOf('op-ops'),
    SEED_USERS: people,
    SEED_KEY: 'again',
  };
  const seed = spawn(process.execPath, [join(project, 'dist/seed.js')], { env });
  const ended = Promise.all([once(seed, 'close'), text(seed.stdout), text(seed.stderr)]);
  await pause(1_500);
  const { asked, stop } = playAuth();
  expect(await ended).toEqual([[0, null], `${JSON.stringify({ teamId: 'team_demo', key })}\n`, '']);
  const members = ['demo-owner as owner of team_demo', 'demo-viewer as viewer of team_demo'];
  expect(asked).toEqual(['Demo team', ...members, '25.00 USD once as demo', 'demo', 'demo-2']);
  stop();
});

test('a second seed makes no second key, and says how to make one', async () => {
  const { asked, stop } = playAuth();
  const env = { INTERNAL_TLS: 'off', NATS_URL: nats.url, NATS_OPERATOR: 'ops', NATS_SEED: nats.seedOf('op-ops') };
  const seed = spawn(process.execPath, [join(project, 'dist/seed.js')], { env });
  const [closed, out, err] = await Promise.all([once(seed, 'close'), text(seed.stdout), text(seed.stderr)]);
  expect([closed, out]).toEqual([[0, null], `${JSON.stringify({ teamId: 'team_demo', key: null })}\n`]);
  expect(err).toContain('keys create --team team_demo');
  expect(asked).toEqual(['Demo team', '25.00 USD once as demo', 'demo']);
  stop();
});

test('a seed that is refused says so and ends', async () => {
  const stop = playResponder(bus, createTeam, () => {
    throw new ServiceError('invalid_request', 'Not this team.');
  });
  const env = { INTERNAL_TLS: 'off', NATS_URL: nats.url, NATS_OPERATOR: 'ops', NATS_SEED: nats.seedOf('op-ops') };
  const seed = spawn(process.execPath, [join(project, 'dist/seed.js')], { env });
  const ended = Promise.all([once(seed, 'close'), text(seed.stdout), text(seed.stderr)]);
  expect(await ended).toEqual([[1, null], '', expect.stringContaining('Not this team.')]);
  stop();
});

test('the seed names what its environment lacks', async () => {
  const seed = spawn(process.execPath, [join(project, 'dist/seed.js')], { env: {} });
  const ended = Promise.all([once(seed, 'close'), text(seed.stdout), text(seed.stderr)]);
  expect(await ended).toEqual([[1, null], '', expect.stringContaining('NATS_URL is not set')]);
});

test.each(['nobody', '{}', '[{"sub":"x","email":"x","name":"x","role":"owner"}]'])(
  'the seed refuses %j as its people without a word of it',
  async (SEED_USERS) => {
    const env = {
      INTERNAL_TLS: 'off',
      NATS_URL: nats.url,
      NATS_OPERATOR: 'ops',
      NATS_SEED: nats.seedOf('op-ops'),
      SEED_USERS,
    };
    const seed = spawn(process.execPath, [join(project, 'dist/seed.js')], { env });
    const [closed, out, err] = await Promise.all([once(seed, 'close'), text(seed.stdout), text(seed.stderr)]);
    expect([closed, out]).toEqual([[1, null], '']);
    expect(err).toContain('SEED_USERS must be a JSON array of');
    expect(err).not.toContain('"sub"');
  },
);
