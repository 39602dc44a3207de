import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { disableKey, endGrants, issueGrant, revokeKey, verifyGrant, type KeyId, type RequestId } from '@orgn/contracts';
import { startBackbone, type Backbone } from '@orgn/testing';
import { makeDigest, makeKey, makePeppers, makeUserId, sql, wordOf } from '../keys/make.ts';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';

const teamId = 'team_acme';
const ownerId = makeUserId();

let backbone: Backbone;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  await backbone.start(keyRegistryService, { instance: 'key-registry-1', ...parts });
});
afterAll(() => backbone.stop());

/** A grant of the owner's for one request, under a key where one is named. */
async function grant(asKey: string | null = null) {
  const digest = makeDigest();
  const requestId = `01930000-0000-7000-8000-${randomBytes(6).toString('hex')}` as RequestId;
  const sessionId = `session_${randomBytes(16).toString('hex')}`;
  const terms = { teamId, ownerId, executionPolicy: 'any' as const, asKey: asKey as KeyId | null };
  await backbone.bus.ask(issueGrant, { digest, requestId, sessionId, ...terms });
  return { digest, requestId, sessionId };
}

const verify = ({ digest, requestId }: { digest: string; requestId: RequestId }) =>
  backbone.bus.ask(verifyGrant, { digest, requestId });
const ownKey = () =>
  makeKey(backbone.bus, { createdBy: ownerId, models: ['near_qwen3_30b'], ipAllowList: ['10.0.0.0/8'] });

/** What the registry says of a request under a key once something has become of that key. */
async function wordUnder(change: (key: { id: string }) => Promise<unknown>, of: Parameters<typeof makeKey>[1] = {}) {
  const key = await makeKey(backbone.bus, { createdBy: ownerId, ...of });
  const granted = await grant(key.id);
  await change(key);
  return wordOf(verify(granted));
}

const nothing = () => Promise.resolve();

describe('a grant', () => {
  test('is good for its own request, until its session ends', async () => {
    const granted = await grant();
    expect(await verify(granted)).toMatchObject({ teamId, isKey: false, models: null });
    expect(await wordOf(verify({ ...granted, requestId: (await grant()).requestId }))).toBe('invalid_api_key');
    await backbone.bus.ask(endGrants, { sessionIds: [granted.sessionId] });
    expect(await wordOf(verify(granted))).toBe('key_revoked');
  });

  test('under a key of the person’s own is held by what the key may, but for its addresses', async () => {
    const key = await ownKey();
    const verdict = await verify(await grant(key.id));
    expect(verdict).toMatchObject({ keyId: key.id, isKey: true, models: ['near_qwen3_30b'], ipAllowList: null });
  });

  test.each<[string, string, Parameters<typeof wordUnder>]>([
    ['disabled', 'key_disabled', [({ id }) => backbone.bus.ask(disableKey, { teamId, id })]],
    [
      'revoked',
      'key_revoked',
      [({ id }) => backbone.bus.ask(revokeKey, { key: { teamId, id }, reason: 'other', isConfirmed: true })],
    ],
    ['expired', 'key_expired', [({ id }) => expire(id)]],
    ['another’s', 'invalid_api_key', [nothing, { createdBy: makeUserId() }]],
    ['another team’s', 'invalid_api_key', [nothing, { teamId: 'team_other' }]],
  ])('is refused under a key that is %s', async (_which, code, [change, of]) => {
    expect(await wordUnder(change, of)).toBe(code);
  });
});

function expire(id: string) {
  const text = `UPDATE api_keys SET created_at = now() - interval '2 s', expires_at = now() - interval '1 s' WHERE id = $1`;
  return sql(backbone.postgres.urlOf('key_registry'), text, [id]);
}
