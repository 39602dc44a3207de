import { createHash } from 'node:crypto';
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  GRANT_HEADER,
  GRANTED_REQUEST_HEADER,
  keysChanged,
  verifyGrant,
  verifyKey,
  type RequestId,
} from '@orgn/contracts';
import { eventually } from '@orgn/testing';
import { PlayedGateway } from '../testing/played-gateway.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let gateway: PlayedGateway;
let team: TestTeam;
/** What came to the gateway. */
let seen: { headers: IncomingMessage['headers']; body: string; response: ServerResponse }[] = [];

beforeAll(async () => {
  host = await TeamHost.start();
  gateway = await PlayedGateway.beside(host.auth);
  team = await host.team();
});
beforeEach(() => {
  seen = [];
  gateway.answer = (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      seen.push({ headers: request.headers, body, response });
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-ollm-provider': 'near', 'x-inner': 'no' });
      response.write('data: 1\n\n');
    });
  };
});
afterAll(async () => {
  await gateway.close();
  await host.stop();
});

const ask = (as = team.member, body: object = { model: 'near_a' }, init: object = {}) =>
  host.auth.call(as, 'POST', `/api/teams/${team.id}/playground/chat`, { body, ...init });
const grantOf = (index = 0) => {
  const { headers } = seen[index]!;
  const secret = headers[GRANT_HEADER] as string;
  return {
    secret,
    digest: createHash('sha256').update(secret).digest('base64url'),
    requestId: headers[GRANTED_REQUEST_HEADER] as RequestId,
  };
};
const verify = (grant: { digest: string; requestId: RequestId }) =>
  host.auth.backbone.bus.ask(verifyGrant, { digest: grant.digest, requestId: grant.requestId });
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'ok',
    (error: unknown) => (error as { code: string }).code,
  );

const asPage = () => ({
  method: 'POST',
  headers: { cookie: team.member.cookie, 'x-orgn-csrf': '1', 'content-type': 'application/json' },
});

/** More than the buffers of a host and its sockets hold; and as much as one request may have. */
const ENDLESS = 256 * 1024 * 1024;
const LARGEST = 32 * 1024 * 1024;

/** A figure once it has not moved for a while. */
async function settled(figure: () => number): Promise<number> {
  let before = -1;
  while (figure() !== before) {
    before = figure();
    await sleep(300);
  }
  return before;
}

describe('a request of the playground', () => {
  test('passes through as it comes, under a grant for it alone that nobody is shown', async () => {
    const response = await ask(team.member, { model: 'near_a', messages: [{ role: 'user', content: 'Hi' }] });
    expect(response.headers.get('x-ollm-provider')).toBe('near');
    expect(response.headers.get('x-inner')).toBeNull();
    const reader = response.body!.getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: 1\n\n');
    expect(seen[0]!.body).toBe('{"model":"near_a","messages":[{"role":"user","content":"Hi"}]}');
    expect(seen[0]!.headers).toMatchObject({ authorization: `Bearer ${gateway.token}` });
    expect(seen[0]!.headers.cookie).toBeUndefined();
    const grant = grantOf();
    expect([...response.headers.values()].join()).not.toContain(grant.secret);
    expect(await verify(grant)).toMatchObject({ teamId: team.id, executionPolicy: 'any', ticket: expect.any(String) });
    // No other request, and no key.
    expect(await codeOf(verify({ ...grant, requestId: '01930000-0000-7000-8000-000000000001' as RequestId }))).toBe(
      'invalid_api_key',
    );
    expect(await codeOf(host.auth.backbone.bus.ask(verifyKey, { digest: grant.digest }))).toBe('invalid_api_key');
    seen[0]!.response.end();
    await reader.read();
    await eventually(async () => expect(await codeOf(verify(grant))).toBe('key_revoked'));
  });

  test('runs under a key of the person’s own, if they say so, and ends with either of the two', async () => {
    const made = await host.auth.call(team.member, 'POST', `/api/teams/${team.id}/keys`, {
      body: { name: 'tried', models: ['near_a'], budgets: { total: '1' } },
    });
    const { id } = (await made.json()) as { id: string };
    const under = (person: typeof team.member, key = id) =>
      host.auth.call(person, 'POST', `/api/teams/${team.id}/playground/chat?key=${key}`, { body: { model: 'near_a' } });
    const response = await under(team.member);
    const said = { keyId: id, lineageId: id, isKey: true, models: ['near_a'], isLimited: true };
    expect(await verify(grantOf())).toMatchObject(said);
    expect((await host.call(team.member, 'POST', `/api/teams/${team.id}/keys/${id}/disable`)).status).toBe(200);
    expect(await codeOf(verify(grantOf()))).toBe('key_disabled');
    expect((await host.call(team.member, 'POST', `/api/teams/${team.id}/keys/${id}/enable`)).status).toBe(200);
    expect(await codeOf(verify(grantOf()))).toBe('ok');
    seen[0]!.response.end();
    await response.text();
    await eventually(async () => expect(await codeOf(verify(grantOf()))).toBe('key_revoked'));
    expect((await under(team.owner)).status).toBe(403);
    expect((await under(team.member, `key_${'0'.repeat(32)}`)).status).toBe(404);
    expect((await under(team.member, 'sk-ollm-what')).status).toBe(400);
    expect(seen).toHaveLength(1);
  });

  test('is bound by the team’s default', async () => {
    const own = await host.team();
    const settings = { settings: { defaultExecutionPolicy: 'tee_only' } };
    await host.call(own.owner, 'PATCH', `/api/teams/${own.id}`, settings);
    const response = await host.auth.call(own.owner, 'POST', `/api/teams/${own.id}/playground/chat`, { body: {} });
    expect(await verify(grantOf())).toMatchObject({ executionPolicy: 'tee_only' });
    seen[0]!.response.end();
    await response.text();
  });

  test('ends at once with the session it came under', async () => {
    const person = await host.person();
    await host.join(team, person, 'member');
    const response = await ask(person);
    const changed: string[] = [];
    const stop = host.auth.backbone.bus.listen(keysChanged, ({ keyIds }) => changed.push(...keyIds));
    await host.auth.backbone.bus.connection.flush();
    const grant = grantOf();
    const { keyId } = await verify(grant);
    await host.auth.call(person, 'POST', '/api/auth/logout');
    expect(await codeOf(verify(grant))).toBe('key_revoked');
    await eventually(() => expect(changed).toContain(keyId));
    stop();
    seen[0]!.response.end();
    await response.text();
  });

  test('ends at once with its session, though it runs under a key', async () => {
    const person = await host.person();
    await host.join(team, person, 'member');
    const made = await host.auth.call(person, 'POST', `/api/teams/${team.id}/keys`, { body: { name: 'left' } });
    const { id } = (await made.json()) as { id: string };
    const path = `/api/teams/${team.id}/playground/chat?key=${id}`;
    const response = await host.auth.call(person, 'POST', path, { body: {} });
    const changed: string[] = [];
    const stop = host.auth.backbone.bus.listen(keysChanged, ({ keyIds }) => changed.push(...keyIds));
    await host.auth.backbone.bus.connection.flush();
    await host.auth.call(person, 'POST', '/api/auth/logout');
    expect(await codeOf(verify(grantOf()))).toBe('key_revoked');
    await eventually(() => expect(changed).toContain(id));
    stop();
    seen[0]!.response.end();
    await response.text();
  });

  test('is aborted when the page leaves', async () => {
    const left = new AbortController();
    const response = await fetch(`${host.auth.url}/api/teams/${team.id}/playground/chat`, {
      ...asPage(),
      body: '{}',
      signal: left.signal,
    });
    await response.body!.getReader().read();
    const closed = new Promise((resolve) => seen[0]!.response.once('close', resolve));
    const leftAt = performance.now();
    left.abort();
    await closed;
    process.stdout.write(`page left, gateway told after ${(performance.now() - leftAt).toFixed(1)} ms\n`);
  });

  test('is refused to strangers, viewers, other sites and suspended teams, before a byte of it is passed on', async () => {
    expect((await ask(team.viewer)).status).toBe(403);
    expect((await ask(await host.person())).status).toBe(404);
    expect((await ask(team.owner, {}, { headers: { origin: 'https://evil.test' } })).status).toBe(403);
    expect(
      (await host.auth.call(undefined, 'POST', `/api/teams/${team.id}/playground/chat`, { body: {} })).status,
    ).toBe(401);
    expect(seen).toEqual([]);
  });

  test('is read from its gateway no faster than the page reads it', async () => {
    let sent = 0;
    gateway.answer = (request, response) => {
      request.resume();
      const more = () => {
        do sent += 65_536;
        while (sent < ENDLESS && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
    const left = new AbortController();
    const response = await fetch(`${host.auth.url}/api/teams/${team.id}/playground/chat`, {
      ...asPage(),
      body: '{}',
      signal: left.signal,
    });
    expect(response.status).toBe(200);
    expect(await settled(() => sent)).toBeLessThan(ENDLESS / 4);
    left.abort();
  });

  test('is taken from the page no faster than its gateway takes it', async () => {
    let taken: (request: IncomingMessage) => void = () => undefined;
    const arrived = new Promise<IncomingMessage>((resolve) => (taken = resolve));
    gateway.answer = (request, response) => {
      taken(request);
      request.once('end', () => response.end('{}'));
    };
    const { method, headers } = asPage();
    const upload = send(`${host.auth.url}/api/teams/${team.id}/playground/chat`, { method, headers });
    const answered = new Promise<IncomingMessage>((resolve, reject) =>
      upload.once('response', resolve).once('error', reject),
    );
    for (let written = 0; written < LARGEST; written += 65_536) upload.write(Buffer.alloc(65_536, 32));
    upload.end();
    const request = await arrived;
    expect(await settled(() => LARGEST - upload.writableLength)).toBeLessThan((LARGEST * 3) / 4);
    request.resume();
    expect((await answered).resume().statusCode).toBe(200);
  });

  test('has a bound, and answers of a gateway pass with their status', async () => {
    gateway.answer = (request, response) => {
      request.resume();
      request.once('end', () =>
        response.writeHead(429, { 'retry-after': '7' }).end('{"error":{"code":"rate_limit_exceeded"}}'),
      );
    };
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    const large = await host.auth
      .call(team.owner, 'POST', `/api/teams/${team.id}/playground/chat`, {
        body: { content: 'x'.repeat(33 * 1024 * 1024) },
      })
      .then(
        ({ status }) => status,
        () => 'broken off',
      );
    expect([413, 'broken off']).toContain(large);
  });
});
