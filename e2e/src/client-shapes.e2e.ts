import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Stack } from './stack.ts';

// What real clients sent when `npm run test:clients -- --record` ran them, texts replaced: each must still be answered.

interface Shape {
  path: string;
  headers: Record<string, string>;
  body: { model: string; stream?: boolean };
}

const folder = join(import.meta.dirname, '../../libs/testing/client-shapes');
const clients = readdirSync(folder).map((file) => ({
  client: file.replace('.json', ''),
  shapes: JSON.parse(readFileSync(join(folder, file), 'utf8')) as Shape[],
}));

/** Stands for reasoning that only the deployment can open which sealed it. */
const sealedPlaceholder = '{{sealed}}';
const reasoner = 'phala_deepseek_r1';

const stack = new Stack();
let sealed: string | undefined;

beforeAll(async () => {
  await stack.start();
  await stack.control('phala', { reasoningTokens: 4 });
  sealed = await sealedReasoning();
});
afterAll(() => stack.remove());

describe.each(clients)('$client', ({ shapes }) => {
  test.each(shapes.map((shape, at) => [at, shape.path, shape] as const))('request %i, %s', async (_, path, shape) => {
    const response = await send(path, shape.headers, shape.body);
    const text = await response.text();
    expect({ status: response.status, text }).toEqual({ status: 200, text });
    if (shape.body.stream === true) expect(text).not.toMatch(/^event: error|^data: \{"error"/m);
  });
});

function send(path: string, headers: Record<string, string>, body: object): Promise<Response> {
  const text = JSON.stringify(body).replaceAll(sealedPlaceholder, () => sealed ?? 'nothing was sealed');
  const { api, demo } = stack.file;
  return fetch(`${api}${path}`, {
    method: 'POST',
    headers: { ...headers, authorization: `Bearer ${demo.key}` },
    body: text,
  });
}

async function sealedReasoning(): Promise<string | undefined> {
  const body = { model: reasoner, input: 'Hello', include: ['reasoning.encrypted_content'] };
  const response = await send('/v1/responses', { 'content-type': 'application/json' }, body);
  const { output } = (await response.json()) as { output: { type: string; encrypted_content?: string }[] };
  return output.find(({ type }) => type === 'reasoning')?.encrypted_content;
}
