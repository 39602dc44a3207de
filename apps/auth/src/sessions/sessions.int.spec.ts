import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { endOtherSessions, endSession, getSession, listSessions, problem } from '@orgn/console-api';
import { schemaDrift } from '@orgn/testing';
import { AuthHost, type Person } from '../testing/auth-host.ts';
import { UserEntity } from '../users/user.entity.ts';
import { SessionEnder } from './session-ender.ts';
import { SessionEntity } from './session.entity.ts';
import { SessionsRepository } from './sessions.repository.ts';

let host: AuthHost;
let person: Person;

beforeAll(async () => {
  host = await AuthHost.start();
});
afterAll(() => host.stop());

beforeEach(async () => {
  person = await host.person();
  host.audit.length = 0;
});

const statusOf = async (who: Pick<Person, 'cookie'> | undefined, path = '/api/session') =>
  (await host.call(who, 'GET', path)).status;
const problemOf = async (response: Response) => problem.parse(await response.json());
const age = (column: string, by: string) =>
  host.database.query(`UPDATE sessions SET ${column} = ${column} - $1::interval WHERE id = $2`, [by, person.sessionId]);

describe('GET /api/session', () => {
  test('says who is signed in, until when, and that the sign-in is recent', async () => {
    const response = await host.call(person, 'GET', '/api/session');
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const view = getSession.reply.parse(await response.json());
    expect(view.user).toEqual({
      id: person.userId,
      email: 'somebody@orgn.test',
      emailVerified: true,
      name: 'Some Body',
      isOperator: false,
    });
    expect(view.session).toMatchObject({ id: person.sessionId, isFresh: true });
    expect(Math.round((Date.parse(view.session.expiresAt) - Date.now()) / 60_000)).toBe(8 * 60);
  });

  test.each([
    ['no cookie', { cookie: '' }],
    ['a cookie of another', { cookie: `orgn_session=${'a'.repeat(43)}` }],
  ])('401: with %s', async (_, who) => {
    const refusal = await problemOf(await host.call(who, 'GET', '/api/session'));
    expect(refusal).toMatchObject({ code: 'not_signed_in', action: '/api/auth/login?returnTo=%2F' });
  });

  test('401: with a secret that is in no table, or is the hash that is', async () => {
    const [name] = person.cookie.split('=');
    const { rows } = await host.database.query<{ hash: Buffer }>('SELECT secret_hash AS hash FROM sessions LIMIT 1');
    for (const secret of ['a'.repeat(43), rows[0]!.hash.toString('base64url')]) {
      expect(await statusOf({ cookie: `${name}=${secret}` })).toBe(401);
    }
  });

  test('401: says to the holder of an API key that keys do not open the console', async () => {
    const key = 'sk-ollm-0123456789abcdefghijklmno15osik8';
    const response = await host.call(undefined, 'GET', '/api/session', { headers: { authorization: `Bearer ${key}` } });
    const refusal = await problemOf(response);
    expect(refusal).toMatchObject({ status: 401, detail: expect.stringContaining('API keys do not open the console') });
    expect(JSON.stringify(refusal)).not.toContain(key.slice(8, 30));
  });
});

describe('a session', () => {
  test('ends when it was not used for 8 hours, and not before', async () => {
    await age('last_seen_at', '7 hours 59 minutes');
    expect(await statusOf(person)).toBe(200);
    await age('last_seen_at', '8 hours 1 minute');
    expect(await statusOf(person)).toBe(401);
  });

  test('ends 7 days after its sign-in, however much it is used', async () => {
    await age('created_at', '6 days 23 hours 59 minutes');
    expect(await statusOf(person)).toBe(200);
    await age('created_at', '2 minutes');
    expect(await statusOf(person)).toBe(401);
  });

  test('stays alive by being used, which is written at most once a minute', async () => {
    const seen = async () =>
      (
        await host.database.query<{ at: Date }>('SELECT last_seen_at AS at FROM sessions WHERE id = $1', [
          person.sessionId,
        ])
      ).rows[0]!.at;
    const first = await seen();
    await statusOf(person);
    expect(await seen()).toEqual(first);
    await age('last_seen_at', '61 seconds');
    await statusOf(person);
    expect((await seen()).getTime()).toBeGreaterThan(Date.now() - 10_000);
  });

  test('is swept away once it has ended by itself, and only then', async () => {
    await age('created_at', '8 days');
    const alive = await host.person();
    await host.service.app.get(SessionsRepository, { strict: false }).sweep();
    const { rows } = await host.database.query<{ id: string }>('SELECT id FROM sessions WHERE id = ANY($1)', [
      [person.sessionId, alive.sessionId],
    ]);
    expect(rows).toEqual([{ id: alive.sessionId }]);
  });
});

describe('GET /api/sessions', () => {
  test('lists one’s own live sessions, newest first, and marks this one', async () => {
    await host.person();
    const second = await host.person({ userId: person.userId });
    const third = await host.person({ userId: person.userId });
    await host.database.query(`UPDATE sessions SET last_seen_at = now() - interval '9 hours' WHERE id = $1`, [
      third.sessionId,
    ]);
    const { data } = listSessions.reply.parse(await (await host.call(person, 'GET', '/api/sessions')).json());
    expect(data.map(({ id, isCurrent }) => [id, isCurrent])).toEqual([
      [second.sessionId, false],
      [person.sessionId, true],
    ]);
  });
});

describe('DELETE /api/sessions/{sessionId}', () => {
  const end = (id: string) => host.call(person, 'DELETE', `/api/sessions/${id}`);

  test('204: ends another session of the same person at once, and writes it down', async () => {
    const other = await host.person({ userId: person.userId });
    expect((await end(other.sessionId)).status).toBe(endSession.status);
    expect([await statusOf(other), await statusOf(person)]).toEqual([401, 200]);
    expect(host.audit).toEqual([
      {
        teamId: null,
        actor: { kind: 'user', id: person.userId },
        action: endSession.audit,
        object: { kind: 'session', id: other.sessionId },
        after: { reason: 'ended_by_user' },
        client: { address: expect.any(String), userAgent: expect.any(String) },
      },
    ]);
  });

  test('204: ends the caller’s own session too', async () => {
    expect((await end(person.sessionId)).status).toBe(204);
    expect(await statusOf(person)).toBe(401);
  });

  test('404: does not know sessions of others, and leaves them alone', async () => {
    const stranger = await host.person();
    expect((await end(stranger.sessionId)).status).toBe(404);
    expect(await statusOf(stranger)).toBe(200);
    expect(host.audit).toEqual([]);
  });

  test('400: takes nothing but a session’s id', async () => {
    expect((await end('%00')).status).toBe(400);
  });
});

describe('ending sessions', () => {
  test('DELETE /api/sessions ends all others of the person, counts them and writes one entry', async () => {
    const others = [await host.person({ userId: person.userId }), await host.person({ userId: person.userId })];
    const stranger = await host.person();
    const response = await host.call(person, 'DELETE', '/api/sessions');
    expect(endOtherSessions.reply.parse(await response.json())).toEqual({ ended: 2 });
    for (const other of others) expect(await statusOf(other)).toBe(401);
    expect([await statusOf(person), await statusOf(stranger)]).toEqual([200, 200]);
    expect(host.audit).toMatchObject([{ action: endOtherSessions.audit, after: { sessions: 2 } }]);
  });

  test('a member’s removal ends all of theirs', async () => {
    const other = await host.person({ userId: person.userId });
    const ender = host.service.app.get(SessionEnder, { strict: false });
    expect(await ender.endAllOf(person.userId, other.sessionId)).toBe(1);
    expect([await statusOf(person), await statusOf(other)]).toEqual([401, 200]);
    expect(await ender.endAllOf(person.userId)).toBe(1);
    expect(await statusOf(other)).toBe(401);
  });
});

describe('a request that changes something', () => {
  const csrf = 'x-orgn-csrf';
  const end = async (headers: Record<string, string>) => {
    const response = await host.call(person, 'DELETE', '/api/sessions', { headers });
    return response.ok ? 'accepted' : (await problemOf(response)).code;
  };
  const own = () => host.url;

  test.each([
    ['from the page itself', () => ({ 'sec-fetch-site': 'same-origin', origin: own() }), 'accepted'],
    ['typed by a person', () => ({ 'sec-fetch-site': 'none' }), 'accepted'],
    ['from a command line', () => ({}), 'accepted'],
    ['without our header', () => ({ [csrf]: '' }), 'cross_site_request'],
    ['with another value of it', () => ({ [csrf]: '0' }), 'cross_site_request'],
    [
      'from another site',
      () => ({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }),
      'cross_site_request',
    ],
    ['from a sibling host', () => ({ 'sec-fetch-site': 'same-site' }), 'cross_site_request'],
    ['from another origin', () => ({ origin: 'https://evil.example' }), 'cross_site_request'],
    ['from another port', () => ({ origin: 'http://localhost:1' }), 'cross_site_request'],
    [
      'from the same host by its address',
      () => ({ origin: own().replace('localhost', '127.0.0.1') }),
      'cross_site_request',
    ],
    ['from a sandbox', () => ({ origin: 'null' }), 'cross_site_request'],
    ['without our header but from here', () => ({ [csrf]: '', origin: own() }), 'cross_site_request'],
  ])('%s: %s', async (_, headers, expected) => {
    expect(await end(headers() as Record<string, string>)).toBe(expected);
  });

  test('is refused as foreign before it is asked who sent it', async () => {
    const response = await host.call(undefined, 'DELETE', '/api/sessions', { headers: { [csrf]: '' } });
    expect(response.status).toBe(403);
  });
});

describe('the table sessions', () => {
  test('is what the entity says', async () => {
    const url = host.backbone.postgres.urlOf('auth');
    expect(await schemaDrift(url, [SessionEntity, UserEntity])).toEqual([]);
  });
});

describe('while the database is down', () => {
  test('503: nobody is told that they are not signed in', async () => {
    await host.backbone.postgres.crash();
    const response = await host.call(person, 'GET', '/api/session');
    expect([response.status, (await problemOf(response)).code]).toEqual([503, 'service_unavailable']);
    await host.backbone.postgres.start();
  });
});
