import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createTeam,
  isWellFormedKey,
  issueKey,
  registerKey,
  ServiceError,
  type KeyView,
  type RequestOf,
} from '@orgn/contracts';
import { playResponder, startBackbone, type Backbone } from '@orgn/testing';
import { Client } from 'pg';
import { migrations } from '../migrations/index.ts';
import { authService } from '../service.ts';

type Registration = RequestOf<typeof registerKey>;

let backbone: Backbone;
/** What the registry was told, and what it answers. */
let told: Registration[] = [];
let answer: (registration: Registration) => KeyView;
let stopRegistry: () => void;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'auth', migrations }]);
  await backbone.start(authService, { instance: 'auth-1', schema: 'auth', servesHttp: true });
  await backbone.bus.ask(createTeam, { id: 'team_acme', name: 'Acme' });
  playRegistry();
});

beforeEach(() => {
  told = [];
  answer = toView;
});

afterAll(() => backbone.stop());

function playRegistry(): void {
  stopRegistry = playResponder(backbone.bus, registerKey, (registration) => {
    told.push(registration);
    return answer(registration);
  });
}

function toView({ digest: _, ...settings }: Registration): KeyView {
  const dates = { createdAt: new Date().toISOString(), lastUsedAt: null, revokedAt: null };
  return {
    id: `key_${'1'.repeat(32)}` as KeyView['id'],
    ...settings,
    state: 'active',
    revocationReason: null,
    ...dates,
  };
}

const issue = (overrides: object = {}) => backbone.bus.ask(issueKey, { teamId: 'team_acme', name: 'CI', ...overrides });

describe('keys.issue', () => {
  test('answers a well-formed key, its hint, its id and its team', async () => {
    const { id, key, hint, teamId } = await issue();
    expect(isWellFormedKey(key)).toBe(true);
    expect({ id, hint, teamId }).toEqual({
      id: `key_${'1'.repeat(32)}`,
      hint: `sk-ollm-…${key.slice(-4)}`,
      teamId: 'team_acme',
    });
  });

  test('tells the registry the digest, the hint and the settings, and nobody the key', async () => {
    const settings = {
      expiresAt: '2999-01-01T00:00:00Z',
      models: ['near_qwen3_30b'],
      executionPolicy: 'tee_only' as const,
    };
    const { key, hint } = await issue(settings);
    const digest = createHash('sha256').update(key).digest('base64url');
    expect(told).toEqual([{ digest, hint, teamId: 'team_acme', name: 'CI', ...settings }]);
    expect(JSON.stringify(told)).not.toContain(key.slice(8, 33));
  });

  test('limits a key to nothing unless asked to', async () => {
    await issue();
    expect(told[0]).toMatchObject({ expiresAt: null, models: null, executionPolicy: 'any' });
  });

  test('makes a new secret each time', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => issue()));
    expect(new Set(keys.map(({ key }) => key)).size).toBe(20);
  });

  test.each([
    ['teamId', { teamId: 'acme' }],
    ['name', { name: '' }],
    ['models', { models: [] }],
    ['executionPolicy', { executionPolicy: 'fast' }],
  ])('refuses a bad %s before it makes a key', async (param, overrides) => {
    await expect(issue(overrides)).rejects.toMatchObject({ code: 'invalid_request', param });
    expect(told).toEqual([]);
  });

  test('refuses a team that does not exist, and says to check the id', async () => {
    const refusal = { code: 'team_not_found', param: 'teamId', message: expect.stringContaining('Check the id') };
    await expect(issue({ teamId: 'team_nobody' })).rejects.toMatchObject(refusal);
    expect(told).toEqual([]);
  });

  test.each([
    ['request_conflict', 'name'],
    ['invalid_request', 'expiresAt'],
  ] as const)('passes on the registry’s %s', async (code, param) => {
    answer = () => {
      throw new ServiceError(code, 'The registry says no.', { param });
    };
    await expect(issue()).rejects.toMatchObject({ code, param, message: 'The registry says no.' });
  });

  test('says that the service is unavailable while there is no registry', async () => {
    stopRegistry();
    await backbone.bus.connection.flush();
    await expect(issue()).rejects.toMatchObject({ code: 'service_unavailable' });
    playRegistry();
  });

  test('leaves no trace of a key in the database', async () => {
    const { key } = await issue();
    const client = new Client({ connectionString: backbone.postgres.adminUrl });
    await client.connect();
    const { rows } = await client
      .query<{ xml: string }>(`SELECT schema_to_xml('auth', true, true, '')::text AS xml`)
      .finally(() => client.end());
    expect(rows[0]?.xml).toContain('team_acme');
    expect(rows[0]?.xml).not.toContain(key.slice(8, 33));
  });
});
