import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeApiKey } from '@orgn/testing';
import OpenAI from 'openai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, Stack } from './stack.ts';

const MIB = 1024 * 1024;
const stack = new Stack();
const scratch = mkdtempSync(join(tmpdir(), 'orgn-strangers-'));

beforeAll(() => stack.start());
afterAll(async () => {
  rmSync(scratch, { recursive: true });
  await stack.remove();
});

describe.each([8, 31])('a caller with a wrong key and %i MiB of body reads the 401', (size) => {
  const content = 'x'.repeat(size * MIB);
  const messages = [{ role: 'user' as const, content }];

  test("through OpenAI's SDK", async () => {
    const client = new OpenAI({ apiKey: makeApiKey(), baseURL: `${stack.file.api}/v1`, maxRetries: 0 });
    const asked = client.chat.completions.create({ model: 'near_qwen3_30b', messages });
    await expect(asked).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  test("through Anthropic's SDK", async () => {
    const client = new Anthropic({ apiKey: makeApiKey(), baseURL: stack.file.api, maxRetries: 0 });
    const asked = client.messages.create({ model: 'near_qwen3_30b', max_tokens: 9, messages });
    await expect(asked).rejects.toMatchObject({ status: 401, error: { error: { type: 'authentication_error' } } });
  });

  test.each([[[]], [['-H', 'expect:']], [['-H', 'transfer-encoding: chunked']]])('through curl (%j)', async (more) => {
    const file = join(scratch, 'body.json');
    writeFileSync(file, JSON.stringify({ model: 'near_qwen3_30b', messages }));
    const headers = ['-H', `authorization: Bearer ${makeApiKey()}`, '-H', 'content-type: application/json', ...more];
    const url = `${stack.file.api}/v1/chat/completions`;
    const ended = await run('curl', ['-sS', '-w', '\n%{http_code}', ...headers, '--data-binary', `@${file}`, url]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/"code":"invalid_api_key"[^]*\n401$/);
  });

  test('when it reads no answer before it has sent everything', async () => {
    const { hostname, port } = new URL(stack.file.api);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const head = ['POST /v1/chat/completions HTTP/1.1', 'host: edge', `authorization: Bearer ${makeApiKey()}`];
    socket.write(
      `${[...head, 'content-type: application/json', `content-length: ${content.length}`].join('\r\n')}\r\n\r\n`,
    );
    await new Promise<void>((resolve, reject) => socket.write(content, (error) => (error ? reject(error) : resolve())));
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 401 [^]*"invalid_api_key"/);
  });
});
