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
import type { Browser } from 'playwright-core';
import { v7 as uuidv7 } from 'uuid';
import { Person, startBrowser } from './console/chromium.ts';
import { streamCost } from './console/stream-cost.ts';
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

const isLong = process.env.TEST_LONG === '1';
/** Requests of one key, or of one person at the playground, that a gateway takes at once. */
const LIMIT = 6;
const CANARY = 'canary-of-the-playground-7f3a';

const stack = new Stack();
stack.env.MAX_REQUESTS_PER_KEY = String(LIMIT);
let owner: Visitor;
let teamId: string;

beforeAll(async () => {
  await stack.start('--gateways', '2');
  owner = new Visitor(stack.file.console);
  await owner.signIn('owner@orgn.test');
  teamId = stack.file.demo.teamId;
});
afterAll(() => stack.remove());

const ask = (visitor: Visitor, body: object, team = teamId, signal?: AbortSignal, query = '') =>
  visitor.send(`/api/teams/${team}/playground/chat${query}`, {
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
    expect([stream.status, await stream.text()]).toEqual([200, expect.stringMatching(/data: \[DONE\]\s*$/)]);
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
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
    await stack.credit(team.id);
    const settings = { settings: { defaultExecutionPolicy: 'tee_only' } };
    expect((await owner.api('PATCH', `/api/teams/${team.id}`, settings)).status).toBe(200);
    const refused = await ask(owner, hello({ model: 'vercel_gpt_4o' }), team.id);
    const { error } = (await refused.json()) as { error: { code: string; message: string } };
    expect([refused.status, error.code]).toEqual([403, 'execution_policy']);
    expect(error.message).toMatch(/^The playground of this team runs models in a TEE only/);
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

  test('has as many requests of one person under way at a gateway as a key may have, streams or not', async () => {
    const person = await signedIn('member@orgn.test');
    await stack.control('near', { delayMs: 2_000 });
    const answers = await Promise.all(Array.from({ length: 3 * LIMIT }, () => ask(person, hello({ stream: false }))));
    await stack.control('near', {});
    const refused = await Promise.all(
      answers
        .filter(({ status }) => status !== 200)
        .map(async (answer) => [answer.status, await answer.text()] as const),
    );
    // Two gateways take them.
    expect(refused.length).toBeGreaterThanOrEqual(LIMIT);
    for (const [status, text] of refused) {
      expect(status).toBe(429);
      expect(text).toContain(`The playground of this team has ${LIMIT} requests under way`);
    }
    await eventually(async () => expect((await ask(person, hello())).status).toBe(200));
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

  test('asked under a key of the person’s own is that key’s: what it may, what it costs, and when it ends', async () => {
    const limits = { name: 'at-the-playground', models: ['near_qwen3_30b'], concurrency: 1 };
    const made = await owner.api<{ id: string }>('POST', `/api/teams/${teamId}/keys`, limits);
    const { id } = made.body;
    const under = (visitor: Visitor, more: object = {}) => ask(visitor, hello(more), teamId, undefined, `?key=${id}`);
    const answer = await under(owner);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('chat.completion')]);
    const requestId = answer.headers.get('x-request-id') ?? '';
    await eventually(async () => expect(await keptOf(requestId)).toMatchObject({ source: 'api', key: { id } }));
    const other = await under(owner, { model: 'near_gpt_oss_120b' });
    const { error } = (await other.json()) as { error: { code: string; message: string } };
    expect([other.status, error.code, error.message.slice(0, 12)]).toEqual([403, 'model_not_allowed', 'This API key']);
    expect((await under(await signedIn('member@orgn.test'))).status).toBe(403);
    const leaver = await signedIn('owner@orgn.test');
    await stack.control('near', { chunkDelayMs: 200 });
    const streams = await Promise.all(
      [leaver, owner].map((visitor) => under(visitor, { stream: true, max_tokens: 20 })),
    );
    expect(streams.map(({ status }) => status).sort()).toEqual([200, 429]);
    await Promise.all(streams.map((stream) => stream.text()));
    const stream = await under(leaver, { stream: true, max_tokens: 400 });
    const text = stream.text();
    await leaver.api('POST', '/api/auth/logout');
    expect(await text).not.toContain('[DONE]');
    await stack.control('near', {});
    expect((await owner.api('POST', `/api/teams/${teamId}/keys/${id}/revoke`, {})).status).toBe(200);
    expect((await under(owner)).status).toBe(401);
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

describe('the page of the playground', () => {
  let browser: Browser;
  let person: Person;
  beforeAll(async () => {
    browser = await startBrowser();
    person = await Person.arrive(browser, stack.file.console);
    await person.signIn('member@orgn.test', `/teams/${teamId}/start`);
  });
  afterAll(() => browser.close());

  const latest = () => person.page.getByRole('article', { name: /^Answer of/ }).last();
  const send = async (text: string) => {
    await person.page.getByLabel('Message').fill(text);
    await person.page.getByRole('button', { name: 'Send' }).click();
  };
  const hears = (text: string) => eventually(async () => expect(person.hearing.heard().at(-1)).toBe(text));
  test('is after a first streamed answer, by one click and without typing', async () => {
    await person.page.getByRole('button', { name: 'Send' }).click();
    await latest().getByText('enclave').waitFor();
    await latest()
      .getByText(/tokens in · .*out · \$0\.\d+/)
      .waitFor();
    await latest().getByText('Verified by the gateway').waitFor();
    expect(await person.violations()).toEqual([]);
  });

  test('streams, says what an answer took, and is reached from a model', async () => {
    await person.page.getByRole('navigation').getByRole('link', { name: 'Models' }).click();
    await person.page
      .getByRole('link', { name: /^Try Qwen3 30B/ })
      .first()
      .click();
    await send('Hello');
    await latest()
      .getByText(/first token .* in all .* tokens in/)
      .waitFor();
    await hears('The answer is there.');
    const id = (await latest().locator('code').last().textContent()) ?? '';
    await eventually(async () =>
      expect(await keptOf(id)).toMatchObject({ source: 'playground', outcome: 'completed' }),
    );
  });

  test('proves in the browser where an answer came from, by the very bytes that the page sent and got', async () => {
    await latest().getByText('Proof', { exact: true }).click();
    await latest().getByText('The gateway says: verified').waitFor({ timeout: 60_000 });
    await latest().getByRole('button', { name: 'Verify in this browser' }).click();
    const found = latest().getByRole('region', { name: 'Verified in this browser' });
    await found.waitFor({ timeout: 120_000 });
    expect(await found.locator('p').first().textContent()).toContain('Good, by a development root');
    await hears('This browser has looked: Good, by a development root');
    for (const id of ['response_bytes', 'request_bytes', 'receipt_signature', 'receipt_reproduced'])
      expect([id, await found.locator('.proof-checks > li', { hasText: id }).textContent()]).toEqual([
        id,
        expect.stringMatching(/^passed: /),
      ]);
    expect([await person.violations(), await person.faults(), person.pageErrors]).toEqual([[], [], []]);
  });

  test('checks a file on the page Verification, and notices one flipped byte of it', async () => {
    const answer = await stack.chat(hello());
    await answer.arrayBuffer();
    const { api, demo, console } = stack.file;
    const at = `${api}/v1/receipts/${answer.headers.get('x-request-id') ?? ''}/bundle`;
    const kept = await fetch(at, { headers: { authorization: `Bearer ${demo.key}` } });
    const bundle = Buffer.from(await kept.arrayBuffer());
    const spoilt = Buffer.from(bundle);
    spoilt[bundle.length >> 1]! ^= 1;
    const page = await person.context.newPage();
    await page.goto(`${console}/teams/${teamId}/verification`);
    const found = async (name: string, buffer: Buffer) => {
      await page.getByLabel('Drop a receipt').setInputFiles({ name, mimeType: 'application/json', buffer });
      await page.getByRole('button', { name: 'Verify in this browser' }).click();
      return page.getByRole('region', { name: 'Verified in this browser' }).locator('p').first().textContent();
    };
    expect(await found('good.json', bundle)).toContain('Good, by a development root');
    expect(await found('spoilt.json', spoilt)).toContain('Failed');
    await page.close();
  });

  test('stops, and asks again', async () => {
    await stack.control('near', { chunkDelayMs: 150, usage: 'max' });
    await send('Tell me much');
    await latest().locator('.markdown').waitFor();
    const aborted = (await stack.received('near')).abortedRequests;
    await person.page.getByRole('button', { name: 'Stop' }).click();
    await latest().getByText('You stopped it here').waitFor();
    await hears('The answer is stopped.');
    await eventually(async () => expect((await stack.received('near')).abortedRequests).toBe(aborted + 1));
    await stack.control('near', {});
    await latest().getByRole('button', { name: 'Retry' }).click();
    await latest()
      .getByText(/tokens in/)
      .waitFor();
    await latest().getByRole('button', { name: 'Fork' }).click();
    expect(await person.page.getByRole('article', { name: 'Your question' }).count()).toBe(4);
    await person.page.getByRole('button', { name: 'Close this column' }).last().click();
  });

  test('takes what a tool gives back, typed in', async () => {
    await person.page.getByLabel('Tools').fill('[{"name":"get_time","parameters":{"type":"object"}}]');
    await send('[[call:get_time {"zone":"UTC"}]]');
    await person.page.getByLabel('Result of get_time').fill('12:00');
    await person.page.getByRole('button', { name: 'Give results' }).click();
    await latest()
      .getByText(/tokens in/)
      .waitFor();
    expect(await person.page.getByText('Wants get_time called with').count()).toBe(1);
    await person.page.getByLabel('Tools').fill('');
  });

  test('shows an image to a model that reads some, and gives the call as code', async () => {
    await person.page.getByLabel('Model', { exact: true }).selectOption('vercel_gpt_4o');
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    const file = { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(png, 'base64') };
    await person.page.getByLabel('Files to attach').setInputFiles(file);
    await person.page.getByRole('list', { name: 'Attachments' }).getByText('dot.png').waitFor();
    const [asked] = await Promise.all([person.page.waitForRequest(/playground\/chat$/), send('What is this?')]);
    expect(asked.postData()).toContain(`"image_url":{"url":"data:image/png;base64,${png}"}`);
    await latest().getByText('Not an enclave').waitFor();
    await person.page.getByRole('button', { name: 'Code' }).click();
    for (const language of ['Python', 'TypeScript', 'Go', 'Java']) {
      await person.page.getByRole('tab', { name: language }).click();
      expect(await person.page.getByRole('tabpanel').textContent()).toContain('/v1');
    }
    await person.page.getByRole('button', { name: 'Close', exact: true }).click();
  });

  test('has no fault against the rules, breaks no policy, and leaves nothing in the browser', async () => {
    expect(await person.faults()).toEqual([]);
    expect([await person.violations(), person.pageErrors]).toEqual([[], []]);
    const kept = await person.page.evaluate<string>('JSON.stringify([localStorage, sessionStorage, history.state])');
    expect(kept + JSON.stringify(await person.context.storageState())).not.toMatch(/get_time|What is this/);
    await person.page.reload();
    await person.page.getByText('Nothing has been said yet. Write below.').waitFor();
  });

  test('draws an answer of 12 KB for about what plain text costs', async () => {
    const { markdownMs, plainMs } = await streamCost(person.page, isLong ? 3 : 1);
    const most = 3 * plainMs + 60;
    const figures = [markdownMs, plainMs, most].map((ms) => `${ms.toFixed(1)} ms`);
    process.stdout.write(`370 chunks: Markdown ${figures[0]}, plain text ${figures[1]}, at most ${figures[2]}\n`);
    if (isLong) expect(markdownMs).toBeLessThanOrEqual(most);
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
