import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { refusedBy } from '@orgn/evidence';
import { startService } from '@orgn/service-kit';
import { startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';
import { SessionsService } from './sessions.service.ts';

type Attestable = 'near' | 'phala';

const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const chat = (model: string, more: object = {}) => ({ model, messages: [{ role: 'user', content: 'Hi' }], ...more });

let bench: RouterBench;
let sessions: SessionsService;
beforeAll(async () => {
  const start = async (environment: Record<string, string>) => {
    const service = await startService(inferenceRouter, environment);
    sessions = service.app.get(SessionsService);
    return service;
  };
  bench = await startRouterBench({ start, models, isAttested: true }, uuidv7);
});
afterAll(() => bench.stop());

const requests = async (provider: string) => (await bench.providers.received(provider)).requests ?? 0;
/** The machine is so from now on, and the router has looked. */
const become = async (provider: Attestable, attestation?: string) => {
  await bench.providers.control(provider, attestation ? { attestation } : {});
  await sessions.renew(provider);
};
const ask = (model: string, require?: string, more: object = {}) =>
  bench.ask('/chat/completions', chat(model, more), require ? { headers: { 'x-ollm-require': require } } : {});

interface Refusal {
  code: string;
  checks: { id: string; status: string }[];
}

describe('an enclave that proves itself', () => {
  beforeEach(() => Promise.all([become('near'), become('phala')]));

  test.each(['near_qwen3_30b', 'phala_qwen3_30b'])(
    'is asked as %s, and the answer says by which root',
    async (model) => {
      for (const stream of [false, true]) {
        const answer = await ask(model, undefined, { stream });
        expect(answer.status).toBe(200);
        expect(answer.headers.get('x-ollm-attestation')).toBe('verified');
        expect(answer.headers.get('x-ollm-attestation-root')).toMatch(/^development root/);
        await answer.text();
      }
    },
  );

  test('is asked by a request that demands all there is', async () => {
    const answer = await ask('near_qwen3_30b', 'tee; gpu; tcb=UpToDate; instance');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('choices');
  });

  test('serves many at once, of whom those that demand an instance have a connection each', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => ask('near_qwen3_30b', index % 2 ? 'instance' : undefined)),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await Promise.all(answers.map((answer) => answer.text()));
  });
});

describe.each<Attestable>(['near', 'phala'])('an enclave of %s that has', (provider) => {
  // What differs between them is the form of their reports alone.
  const tried = Object.entries(refusedBy).filter((_, index) => provider === 'near' || index % 6 === 0);
  test.each(tried)('%s is refused by %s, and gets no prompt', async (fault, id) => {
    await become(provider, fault);
    const before = await requests(provider);
    const answer = await ask(`${provider}_qwen3_30b`);
    const refusal = (await answer.json()) as Refusal;
    expect([answer.status, refusal.code]).toEqual([503, 'attestation_failed']);
    expect(refusal.checks).toContainEqual({ id, status: 'fail' });
    expect(await requests(provider)).toBe(before);
  });

  test('been mended is asked again at once', async () => {
    await become(provider, 'debug_td');
    expect((await ask(`${provider}_qwen3_30b`)).status).toBe(503);
    await become(provider);
    expect((await ask(`${provider}_qwen3_30b`)).status).toBe(200);
  });
});

test('a request that demands more than the machine proves is refused', async () => {
  await become('near');
  const refusal = (await (await ask('near_qwen3_30b', 'everything')).json()) as Refusal;
  expect(refusal.code).toBe('invalid_request');
});
