import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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

const ask = (visitor: Visitor, body: object) =>
  visitor.send(`/api/teams/${teamId}/playground/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-orgn-csrf': '1' },
    body: JSON.stringify(body),
  });
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

  test('says what the API host would say', async () => {
    const refused = await ask(owner, hello({ model: 'nothing_here' }));
    expect([refused.status, ((await refused.json()) as { error: { code: string } }).error.code]).toEqual([
      404,
      'model_not_found',
    ]);
  });

  test('cuts what streams when the person signs out', async () => {
    const leaver = new Visitor(stack.file.console);
    await leaver.signIn('owner@orgn.test');
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

describe('the id of an error at the API host', () => {
  test('finds its page: whose key it was, and why it was refused', async () => {
    const refused = await stack.chat(hello({ model: 'nothing_here' }));
    const id = refused.headers.get('x-request-id') ?? '';
    await eventually(async () => {
      expect(await keptOf(id)).toMatchObject({ outcome: 'refused', refusal: { code: 'model_not_found' } });
    });
  });
});
