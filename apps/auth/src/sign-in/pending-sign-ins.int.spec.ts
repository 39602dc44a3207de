import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashOf } from '../sessions/browser-secret.ts';
import { AuthHost } from '../testing/auth-host.ts';
import { PendingSignInsRepository } from './pending-sign-ins.repository.ts';

const MAX = 5;
let host: AuthHost;
let pending: PendingSignInsRepository;

beforeAll(async () => {
  host = await AuthHost.start({ MAX_PENDING_SIGN_INS: String(MAX) });
  pending = host.service.app.get(PendingSignInsRepository, { strict: false });
});
afterAll(() => host.stop());

const add = (state: string) => pending.add(state, `browser of ${state}`, Buffer.from('sealed'));
const hashes = async () =>
  (await host.database.query<{ hash: Buffer }>('SELECT state_hash AS hash FROM pending_sign_ins')).rows;

describe('sign-ins that are begun and not ended', () => {
  test('never fill the table, however many are begun', async () => {
    for (let at = 0; at < 300; at += 1) {
      await add(`many ${at}`);
      if (at % 50 === 49) expect((await hashes()).length).toBeLessThan(MAX + 64);
    }
    await pending.bound();
    expect(await hashes()).toHaveLength(MAX);
  });

  test('are kept longest while they can be answered, and of those the newest', async () => {
    const states = Array.from({ length: 8 }, (_, at) => `state ${at}`);
    for (const state of states) await add(state);
    await host.database.query('UPDATE pending_sign_ins SET answered_at = now() WHERE state_hash = $1', [
      hashOf('state 7'),
    ]);
    await host.database.query(
      `UPDATE pending_sign_ins SET created_at = now() - interval '11 minutes' WHERE state_hash = $1`,
      [hashOf('state 5')],
    );
    await pending.bound();
    const left = await hashes();
    const isThere = (state: string) => left.some(({ hash }) => hash.equals(hashOf(state)));
    expect(states.filter(isThere)).toEqual(['state 1', 'state 2', 'state 3', 'state 4', 'state 6']);
  });
});
