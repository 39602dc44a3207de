import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getKey, listKeys, registerKey } from '@orgn/contracts';
import { playResponder } from '@orgn/testing';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start();
  team = await host.team();
});

afterAll(() => host.stop());

test('a hung registry and 40 keys that one member makes at once keep nobody from what needs the database alone', async () => {
  await host.stopRegistry();
  const silences = [getKey, listKeys, registerKey].map((contract) =>
    playResponder(host.auth.backbone.bus, contract, () => new Promise<never>(() => undefined)),
  );
  const stranger = await host.person();
  const posts = Array.from({ length: 40 }, (_, index) =>
    host.call(team.member, 'POST', `/api/teams/${team.id}/keys`, { name: `hung ${index}` }),
  );
  const waits: number[] = [];
  const over = new AbortController();
  const all = Promise.all(posts).finally(() => over.abort());
  while (!over.signal.aborted) {
    const startedAt = performance.now();
    expect((await host.call(stranger, 'GET', '/api/session')).status).toBe(200);
    waits.push(performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  // Each of them ends within the registry's five seconds, or without a turn.
  expect(new Set((await all).map(({ status }) => status))).toEqual(new Set([503]));
  expect(waits.length).toBeGreaterThan(3);
  // Whoever waited for the registry would wait five seconds.
  expect(Math.max(...waits)).toBeLessThan(4_000);
  silences.forEach((end) => end());
  await host.startRegistry();
  expect((await host.key(team, team.member)).id).toMatch(/^key_/);
}, 60_000);
