import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { startRouterBench, type RouterBench } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { inferenceRouter } from '../service.ts';

const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');

let bench: RouterBench;
beforeAll(async () => {
  const start = (environment: Record<string, string>) => startService(inferenceRouter, environment);
  // Production takes no provider over plain HTTP; nobody listens there, which is the point.
  const url = 'https://127.0.0.1:9/v1';
  const more = { NODE_ENV: 'production', NEAR_BASE_URL: url, PHALA_BASE_URL: url, VERCEL_BASE_URL: url };
  bench = await startRouterBench({ start, models, more }, uuidv7);
});
afterAll(() => bench.stop());

describe('in production', () => {
  test.each([
    ['/chat/completions', { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] }],
    ['/responses', { model: 'phala_qwen3_30b', input: 'Hi' }],
    ['/completions', { model: 'near_qwen3_30b', prompt: 'Hi', models: ['phala_qwen3_30b'] }],
  ])('no prompt leaves for an enclave that was not verified, through %s', async (path, body) => {
    const response = await bench.ask(path, body);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'attestation_failed' });
    expect((await (await fetch(bench.metricsUrl)).text()).match(/^orgn_provider_attempts_total\{/gm)).toBeNull();
  });
});
