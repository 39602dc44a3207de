import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench, type TestService } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { startArchive, type TestArchive } from '../archive/testing/test-archive.ts';
import { inferenceRouter } from '../service.ts';
import { Approvals } from './approvals.ts';
import { SessionsService } from './sessions.service.ts';

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

type Checks = { id: string; status: string }[] | undefined;

async function ask(): Promise<{ status: number; checks: Checks }> {
  const body = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hi' }] };
  const answer = await bench.ask('/chat/completions', body);
  const { checks } = (await answer.json()) as { checks?: Checks };
  return { status: answer.status, checks };
}

const prompts = async () => (await bench.providers.received('near')).requests;
const decide = (id: string | undefined, state: 'approved' | 'refused') =>
  approvals().decide({ id: id ?? '', state, by: 'an operator' });

test('what an operator refuses gets no prompt, though it was taken before, and what is approved gets them again', async () => {
  expect((await ask()).status).toBe(200);
  const [one] = await eventually(async () => {
    const all = await seen();
    expect(all).toHaveLength(1);
    return all;
  });
  expect(one).toMatchObject({ state: 'seen', decidedBy: null, changed: null });
  expect((await decide(one?.id, 'refused')).measurement).toMatchObject({ state: 'refused', decidedBy: 'an operator' });
  const before = await prompts();
  const { status, checks } = await ask();
  expect([status, checks]).toEqual([503, [{ id: 'measurements', status: 'fail' }]]);
  expect(await prompts()).toBe(before);
  await decide(one?.id, 'approved');
  expect((await ask()).status).toBe(200);
});

test('new software is unknown and gets no prompt until somebody approves it, who is shown what changed', async () => {
  await bench.providers.control('near', { attestation: 'new_software' });
  await service.app.get(SessionsService).renew('near');
  const before = await prompts();
  const { status, checks } = await ask();
  expect([status, checks]).toEqual([503, [{ id: 'measurements', status: 'unknown' }]]);
  expect(await prompts()).toBe(before);
  const found = await eventually(async () => {
    const [latest, ...others] = await seen();
    expect(others).toHaveLength(1);
    return latest;
  });
  expect(found).toMatchObject({ state: 'seen', changed: ['composeHash', 'imageDigests'] });
  expect(found?.composeChanges).toEqual(
    ['- ', '- ', '+ ', '+ '].map((sign): unknown =>
      expect.stringMatching(`^\\${sign}  +image: .*@sha256:[0-9a-f]{64}$`),
    ),
  );
  await decide(found?.id, 'approved');
  expect((await ask()).status).toBe(200);
});
