import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { EdgeStage } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { gateway } from '../service.ts';
import { makeModel } from './make.ts';

const key = makeKey();
const ids = ['near_qwen3_30b', 'phala_glm_4_6', 'vercel_gpt_4o', 'vercel_embed'];
let stage: EdgeStage;
let api: string;

beforeAll(async () => {
  stage = await EdgeStage.open(ids.map((id) => makeModel({ id })));
  stage.know(key.digest, makeWord());
  ({ api } = await stage.start(gateway));
});
afterAll(() => stage.close());

describe("the model list in Anthropic's form", () => {
  const version = { 'anthropic-version': '2023-06-01' };
  const page = async (query: string, headers: Record<string, string> = { 'x-api-key': key.raw }) =>
    (await (await fetch(`${api}/v1/models${query}`, { headers })).json()) as {
      data: { id: string }[];
      has_more: boolean;
      first_id: string | null;
      last_id: string | null;
    };

  test('answers x-api-key alone and anthropic-version, and nobody else', async () => {
    expect((await page('')).data[0]).toMatchObject({
      type: 'model',
      id: 'near_qwen3_30b',
      display_name: 'Qwen3 30B',
      created_at: '2026-01-01T00:00:00Z',
    });
    expect(await page('', { authorization: `Bearer ${key.raw}`, ...version })).toMatchObject({ has_more: false });
    expect(await page('', { authorization: `Bearer ${key.raw}` })).toMatchObject({ object: 'list' });
    expect(await page('/near_qwen3_30b')).toMatchObject({ type: 'model', id: 'near_qwen3_30b' });
  });

  test('has pages in both directions', async () => {
    const all = (await page('?limit=1000')).data.map(({ id }) => id);
    const first = await page('?limit=2');
    expect(first).toMatchObject({ has_more: true, first_id: all[0], last_id: all[1] });
    const rest = await page(`?limit=1000&after_id=${all[1]}`);
    expect(rest).toMatchObject({ has_more: false, first_id: all[2], last_id: all.at(-1) });
    expect(await page(`?limit=1&before_id=${all[2]}`)).toMatchObject({
      has_more: true,
      first_id: all[1],
      last_id: all[1],
    });
    expect(await page(`?after_id=${all.at(-1)}`)).toEqual({ data: [], has_more: false, first_id: null, last_id: null });
    for (const query of ['?limit=0', '?limit=1001', '?limit=x', '?after_id=nothing'])
      expect(await page(query)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });

  test.each(['/v1/files', '/v1/messages/batches'])('has its envelope at %s, which is not there', async (path) => {
    const response = await fetch(`${api}${path}`, { headers: { 'x-api-key': key.raw, ...version } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
  });
});
