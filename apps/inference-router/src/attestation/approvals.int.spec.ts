import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench, type TestService } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { MeasurementsRepository } from '../archive/measurements.repository.ts';
import { startArchive, type TestArchive } from '../archive/testing/test-archive.ts';
import { inferenceRouter } from '../service.ts';
import { Approvals } from './approvals.ts';

const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
let archive: TestArchive;
let bench: RouterBench;
let service: TestService;
beforeAll(async () => {
  archive = await startArchive();
  const start = async (environment: Record<string, string>) => {
    service = await startService(inferenceRouter, environment);
    return service;
  };
  const more = { DATABASE_URL: archive.config().DATABASE_URL ?? '' };
  bench = await startRouterBench({ start, models, isAttested: true, more }, uuidv7);
});
afterAll(async () => {
  await bench.stop();
  await archive.stop();
});

const approvals = () => service.app.get(Approvals);
const seen = async () => (await approvals().list()).measurements.filter(({ provider }) => provider === 'near');

async function ask(): Promise<{ status: number; checks: { id: string }[] | undefined }> {
  const body = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] };
  const answer = await bench.ask('/chat/completions', body);
  const { checks } = (await answer.json()) as { checks?: { id: string }[] };
  return { status: answer.status, checks };
}

test('what an operator refuses gets no prompt, though it was taken before, and what is approved gets them again', async () => {
  expect((await ask()).status).toBe(200);
  const [one] = await eventually(async () => {
    const all = await seen();
    expect(all).toHaveLength(1);
    return all;
  });
  expect(one).toMatchObject({ state: 'seen', decidedBy: null, changed: null });
  const decide = (state: 'approved' | 'refused') => approvals().decide({ id: one?.id ?? '', state, by: 'an operator' });
  expect((await decide('refused')).measurement).toMatchObject({ state: 'refused', decidedBy: 'an operator' });
  const before = (await bench.providers.received('near')).requests;
  const { status, checks } = await ask();
  expect([status, checks?.map(({ id }) => id)]).toEqual([503, ['measurements']]);
  expect((await bench.providers.received('near')).requests).toBe(before);
  await decide('approved');
  expect((await ask()).status).toBe(200);
});

test('new software says what of it changed against what was approved last', async () => {
  const [approved] = await seen();
  const { mrtd, rtmr0, rtmr1, rtmr2, osImageHash, appId } = approved!;
  const same = { mrtd: mrtd!, rtmr0: rtmr0!, rtmr1: rtmr1!, rtmr2: rtmr2!, osImageHash, appId };
  const composeHash = 'ab'.repeat(32);
  const imageDigests = [`sha256:${'cd'.repeat(32)}`];
  await service.app.get(MeasurementsRepository).note('near', { ...same, composeHash, imageDigests });
  const found = (await seen()).find((one) => one.composeHash === composeHash);
  expect(found).toMatchObject({ state: 'seen', changed: ['composeHash', 'imageDigests'], imageDigests });
});
