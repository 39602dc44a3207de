import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  GRANT_HEADER,
  GRANTED_REQUEST_HEADER,
  issueGrant,
  openPlayground,
  type RequestId,
  type UserId,
} from '@orgn/contracts';
import { connectStackBus, type TestBus } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { eventually, Stack } from './stack.ts';
import { Visitor } from './visitor.ts';

interface Kept {
  id: string;
  outcome: string;
  source: string;
  key: { id: string } | null;
  member: { id: string } | null;
  costUsd: string;
  refusal: { code: string } | null;
}

const CANARY = 'canary-of-the-playground-7f3a';

const stack = new Stack();
let owner: Visitor;
let teamId: string;

beforeAll(async () => {
  await stack.start('--gateways', '2');
  owner = new Visitor(stack.file.console);
  await owner.signIn('owner@orgn.test');
  teamId = stack.file.demo.teamId;
});
afterAll(() => stack.remove());

const ask = (visitor: Visitor, body: object, team = teamId, signal?: AbortSignal) =>
  visitor.send(`/api/teams/${team}/playground/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-orgn-csrf': '1' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  });
const signedIn = async (email: string) => {
  const visitor = new Visitor(stack.file.console);
  await visitor.signIn(email);
  return visitor;
};
const codeOf = async (refused: Response) => ((await refused.json()) as { error: { code: string } }).error.code;
const hello = (more: object = {}) => ({
  model: 'near_qwen3_30b',
  messages: [{ role: 'user', content: CANARY }],
  ...more,
});
const keptOf = async (id: string): Promise<Kept> => {
  const kept = await owner.api<Kept>('GET', `/api/teams/${teamId}/requests/${id}`);
  expect(kept.status).toBe(200);
  return kept.body;
};

describe('the playground', () => {
  test('answers whole and in a stream, and its usage is a person’s and no key’s', async () => {
    const whole = await ask(owner, hello());
    expect(whole.status).toBe(200);
    expect(await whole.json()).toMatchObject({ object: 'chat.completion', model: 'near_qwen3_30b' });
    const stream = await ask(owner, hello({ stream: true }));
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    expect(await stream.text()).toMatch(/data: \[DONE\]\s*$/);
    const { body: session } = await owner.api<{ user: { id: string } }>('GET', '/api/session');
    for (const id of [whole, stream].map(({ headers }) => headers.get('x-request-id') ?? '')) {
      await eventually(async () => {
        expect(await keptOf(id)).toMatchObject({
          ...{ outcome: 'completed', source: 'playground', key: null, member: { id: session.user.id } },
        });
      });
    }
  });

  test('is a member’s as well, and a viewer’s is refused before anybody is asked', async () => {
    const answer = await ask(await signedIn('member@orgn.test'), hello());
    expect(answer.status).toBe(200);
    await answer.text();
    const before = (await stack.received('near')).requests;
    expect((await ask(await signedIn('viewer@orgn.test'), hello())).status).toBe(403);
    expect((await stack.received('near')).requests).toBe(before);
  });

  test('runs only where the team’s default lets it', async () => {
    const { body: team } = await owner.api<{ id: string }>('POST', '/api/teams', { name: 'Enclaves alone' });
    const settings = { settings: { defaultExecutionPolicy: 'tee_only' } };
    expect((await owner.api('PATCH', `/api/teams/${team.id}`, settings)).status).toBe(200);
    const refused = await ask(owner, hello({ model: 'vercel_gpt_4o' }), team.id);
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'execution_policy']);
    const answer = await ask(owner, hello(), team.id);
    expect([answer.status, answer.headers.get('x-ollm-execution')]).toEqual([200, 'tee']);
    await answer.text();
  });

  test('ends at the provider soon after the page has stopped it', async () => {
    await stack.control('near', { chunkDelayMs: 100 });
    const aborted = (await stack.received('near')).abortedRequests;
    const stop = new AbortController();
    const stream = await ask(owner, hello({ stream: true, max_tokens: 400 }), teamId, stop.signal);
    await stream.body!.getReader().read();
    stop.abort();
    await eventually(async () => expect((await stack.received('near')).abortedRequests).toBe(aborted + 1));
    await stack.control('near', {});
    const id = stream.headers.get('x-request-id') ?? '';
    await eventually(async () => expect(await keptOf(id)).toMatchObject({ outcome: 'cancelled' }));
  });

  test('says what the API host would say', async () => {
    const refused = await ask(owner, hello({ model: 'nothing_here' }));
    expect([refused.status, await codeOf(refused)]).toEqual([404, 'model_not_found']);
  });

  test('cuts what streams when the person signs out', async () => {
    const leaver = await signedIn('owner@orgn.test');
    await stack.control('near', { chunkDelayMs: 200 });
    const stream = await ask(leaver, hello({ stream: true, max_tokens: 400 }));
    const text = stream.text();
    await leaver.api('POST', '/api/auth/logout');
    expect(await text).not.toContain('[DONE]');
    await stack.control('near', {});
  });

  test('leaves no word in any log', () => {
    for (const { logFile } of stack.file.processes) expect(readFileSync(logFile, 'utf8')).not.toContain(CANARY);
    expect(readdirSync(join(stack.dir)).length).toBeGreaterThan(0);
  });
});

describe('a grant', () => {
  let bus: TestBus;
  let secret: string;
  let id: RequestId;
  beforeAll(async () => {
    bus = await connectStackBus(stack.file.bus);
    secret = randomBytes(32).toString('base64url');
    id = uuidv7() as RequestId;
    await bus.ask(issueGrant, {
      ...{ digest: createHash('sha256').update(secret).digest('base64url'), requestId: id, executionPolicy: 'any' },
      ...{
        sessionId: `session_${'0'.repeat(32)}`,
        teamId,
        ownerId: `user_${'0'.repeat(32)}` as UserId,
      },
    });
  });
  afterAll(() => bus.connection.close());

  test('opens nothing at the API host, in the place of a key or beside one', async () => {
    const headers = { [GRANT_HEADER]: secret, [GRANTED_REQUEST_HEADER]: id };
    expect((await stack.chat(hello(), { key: secret, headers })).status).toBe(401);
    const own = await stack.chat(hello(), { headers });
    expect([own.status, own.headers.get('x-request-id') === id]).toEqual([200, false]);
    await own.text();
  });

  test('is taken at a gateway’s own door with auth’s certificate and auth’s token, and with nothing less', async () => {
    const [door] = await bus.survey(openPlayground, {});
    const knock = (party: string, token = door!.token) =>
      new Promise<number | string>((resolve) => {
        const pem = (name: string) => readFileSync(join(stack.dir, 'tls', party, name), 'utf8');
        const tls = {
          ca: pem('ca.crt'),
          cert: pem('tls.crt'),
          key: pem('tls.key'),
          servername: 'gateway',
          agent: false,
        };
        const headers = { authorization: `Bearer ${token}`, [GRANT_HEADER]: secret, [GRANTED_REQUEST_HEADER]: id };
        request(`${door!.url}/v1/chat/completions`, {
          ...{ ...tls, method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
        })
          .on('response', (response) => resolve(response.resume().statusCode ?? 0))
          .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
          .end(JSON.stringify(hello()));
      });
    expect(await knock('gateway')).toBe('ECONNRESET');
    expect(await knock('auth', 'x'.repeat(43))).toBe(404);
    expect(await knock('auth')).toBe(200);
  });
});

describe('the id of an error at the API host', () => {
  test('finds its page: whose key it was, and why it was refused', async () => {
    const refused = await stack.chat(hello({ model: 'nothing_here' }));
    const id = refused.headers.get('x-request-id') ?? '';
    await eventually(async () => {
      expect(await keptOf(id)).toMatchObject({ outcome: 'refused', refusal: { code: 'model_not_found' } });
    });
  });
});
