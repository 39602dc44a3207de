import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { countRunning, verifyKey } from '@orgn/contracts';
import { playResponder } from '@orgn/testing';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';
import { toKeyDigest } from './key-secret.ts';

let host: TeamHost;
beforeAll(async () => {
  host = await TeamHost.start();
});
afterAll(() => host.stop());

const activity = async (team: TestTeam, id: string) =>
  (await host.call(team.viewer, 'GET', `/api/teams/${team.id}/keys/${id}/activity`)).body;
const use = (secret: string) =>
  host.auth.backbone.bus.ask(verifyKey, {
    digest: toKeyDigest(secret),
    client: { userAgent: 'sdk', network: '203.0.113.0/24' },
  });
const rotate = async (team: TestTeam, id: string, settings: object) =>
  (await host.call(team.owner, 'POST', `/api/teams/${team.id}/keys/${id}/rotate`, settings)).body;

describe('what happens under a key', () => {
  test('is not known while no gateway answers, and the sum of what all answer', async () => {
    const team = await host.team();
    const { id, key } = await host.key(team);
    expect(await activity(team, id)).toMatchObject({ lastUsedAt: null, running: null, isOnlyActive: true });
    const { bus } = host.auth.backbone;
    const plays = ['gateway-1', 'gateway-2'].map((gateway) =>
      playResponder(bus, countRunning, ({ keyId }) => ({ gateway, requests: keyId === id ? 3 : 0, streams: 1 })),
    );
    await bus.connection.flush();
    await use(key);
    expect(await activity(team, id)).toMatchObject({
      lastUsedAt: expect.any(String),
      lastUsedWith: 'sdk',
      lastUsedFrom: '203.0.113.0/24',
      running: { requests: 6, streams: 2, gateways: 2 },
    });
    for (const end of plays) end();
  });

  test('says whether it is the only active one: a key that was replaced does not count', async () => {
    const team = await host.team();
    const { id } = await host.key(team);
    const next = await rotate(team, id, { graceSeconds: 3_600 });
    expect(await activity(team, next.id as string)).toMatchObject({ isOnlyActive: true });
    expect(await activity(team, id)).toMatchObject({ isOnlyActive: false });
    await host.key(team);
    expect(await activity(team, next.id as string)).toMatchObject({ isOnlyActive: false });
  });

  test('shows the old secret until it has ended, and it may be given more time', async () => {
    const team = await host.team();
    const { id, key } = await host.key(team);
    await use(key);
    const next = await rotate(team, id, { graceSeconds: 60 });
    const nextId = next.id as string;
    expect(await activity(team, nextId)).toMatchObject({
      lastUsedAt: null,
      predecessor: { id, lastUsedWith: 'sdk', isAwaitingFirstUse: true, state: 'rotating' },
    });
    await use(next.key as string);
    const begun = (await activity(team, nextId)).predecessor as { expiresAt: string };
    expect(begun).toMatchObject({ isAwaitingFirstUse: false });
    const path = `/api/teams/${team.id}/keys/${id}/extend`;
    expect(await host.call(team.viewer, 'POST', path, { graceSeconds: 3_600 })).toMatchObject({ status: 403 });
    const more = (await host.call(team.owner, 'POST', path, { graceSeconds: 3_600 })).body.expiresAt as string;
    expect(Date.parse(more) - Date.parse(begun.expiresAt)).toBeGreaterThan(3_000_000);
    expect((await host.entries(team)).at(-1)).toMatchObject({ action: 'key.extended', after: { graceSeconds: 3_600 } });
    // Done: the old one ends at once, and nobody is asked to confirm, because the new one is active.
    const ended = await host.call(team.owner, 'POST', `/api/teams/${team.id}/keys/${id}/revoke`, { reason: 'rotated' });
    expect(ended.status).toBe(200);
    expect(await activity(team, nextId)).toMatchObject({ predecessor: null });
  });

  test('more time wants a recent sign-in', async () => {
    const team = await host.team();
    const { id } = await host.key(team);
    await rotate(team, id, { graceSeconds: 60 });
    await host.age(team.owner);
    const path = `/api/teams/${team.id}/keys/${id}/extend`;
    const { status, body } = await host.call(team.owner, 'POST', path, { graceSeconds: 3_600 });
    expect([status, body.code]).toEqual([403, 'reauthentication_required']);
  });
});
