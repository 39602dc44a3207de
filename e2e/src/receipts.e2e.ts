import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Stack } from './stack.ts';

const execute = promisify(execFile);
const stack = new Stack();
const folder = mkdtempSync(join(tmpdir(), 'orgn-receipts-'));
const headers = () => ({ authorization: `Bearer ${stack.file.demo.key}`, 'content-type': 'application/json' });
const hello = [{ role: 'user', content: 'Grüße' }];

beforeAll(async () => {
  await stack.start();
  // The one file alone, in a folder with nothing else of ours.
  copyFileSync(join(import.meta.dirname, '../../apps/verifier/dist/cli.js'), join(folder, 'cli.mjs'));
  writeFileSync(
    join(folder, 'no-sockets.mjs'),
    `import net from 'node:net'; net.Socket.prototype.connect = () => { throw new Error('a socket was opened'); };`,
  );
});
afterEach(() => stack.control('near', {}));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack.remove();
});

interface Asked {
  id: string;
  response: Response;
}

/** Asks, and lays request, answer, keys and bundle beside the verifier. */
async function ask(body: object, path = '/v1/chat/completions'): Promise<Asked> {
  const { api } = stack.file;
  const request = JSON.stringify(body);
  const response = await fetch(`${api}${path}`, { method: 'POST', headers: headers(), body: request });
  const answer = Buffer.from(await response.arrayBuffer());
  const id = response.headers.get('x-request-id') ?? '';
  expect(response.headers.get('x-ollm-receipt')).toBe(`/v1/receipts/${id}`);
  const get = async (more: string) => (await fetch(`${api}/v1/receipts/${more}`, { headers: headers() })).text();
  const files = { request, answer, keys: await get('keys'), bundle: await get(`${id}/bundle`) };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return { id, response };
}

async function verify(...more: string[]): Promise<{ code: number; checks: Record<string, string>; status: string }> {
  const given = ['--keys', 'keys', '--request', 'request', '--response', 'answer', '--offline', '--json'];
  const args = ['--import', './no-sockets.mjs', 'cli.mjs', 'verify', 'bundle', ...given, ...more];
  const ended = await execute(process.execPath, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: unknown) => error as { code: number; stdout: string },
  );
  const verified = JSON.parse(ended.stdout) as {
    receipt: { orgn: { status: string } } | null;
    receiptChecks: { id: string; status: string }[];
  };
  return {
    code: 'code' in ended ? ended.code : 0,
    checks: Object.fromEntries(verified.receiptChecks.map(({ id, status }) => [id, status])),
    status: verified.receipt?.orgn.status ?? '',
  };
}

const development = '--allow-development-root';

describe('the receipt of an answer', () => {
  test.each([
    ['of near', { model: 'near_qwen3_30b', messages: hello }],
    ['of phala', { model: 'phala_qwen3_30b', messages: hello }],
    ['in a stream', { model: 'near_qwen3_30b', messages: hello, stream: true }],
    ['with usage and cost', { model: 'near_qwen3_30b', messages: hello, stream: true, usage: { include: true } }],
    [
      'to a request that is passed on in part',
      { metadata: { a: 'b' }, model: 'near_qwen3_30b', hint: 1, messages: hello },
    ],
  ])('%s verifies offline, from the caller’s bytes to the development root', async (_what, body) => {
    await ask(body);
    const { code, checks, status } = await verify(development);
    const passed = { request_replayed: 'pass', response_replayed: 'pass', receipt_session: 'pass' };
    expect([status, code, checks]).toEqual(['verified', 0, expect.objectContaining(passed)]);
    expect((await verify()).code).toBe(1);
  });

  test('that was translated says so, and claims less', async () => {
    await ask({ model: 'near_qwen3_30b', input: 'Hello' }, '/v1/responses');
    const { code, checks } = await verify(development);
    expect([code, checks.response_bytes, checks.response_replayed]).toEqual([0, 'pass', 'unknown']);
  });

  test('without an enclave proves what was asked, and no hardware', async () => {
    await ask({ model: 'vercel_gpt_4o', messages: hello });
    const { code, checks, status } = await verify();
    expect([code, status, checks.receipt_session, checks.request_replayed]).toEqual([
      0,
      'unavailable',
      'unknown',
      'pass',
    ]);
  });

  test.each([
    ['signature_for_other_bytes', 'failed', 1],
    ['signature_late', 'verified', 0],
    ['signature_missing', 'pending', 3],
  ])('under %s is %s', async (attestation, expected, exit) => {
    await stack.control('near', { attestation });
    await ask({ model: 'near_qwen3_30b', messages: hello });
    const { code, status } = await verify(development);
    expect([status, code]).toEqual([expected, exit]);
  });

  test('is the team’s own, and a signature is found by the answer’s id', async () => {
    const { id } = await ask({ model: 'near_qwen3_30b', messages: hello });
    const { api } = stack.file;
    const created = await stack.operator('teams', 'create', '--name', 'Others', '--json');
    expect(created.code).toBe(0);
    const { id: team } = JSON.parse(created.stdout) as { id: string };
    const made = await stack.operator('keys', 'create', '--team', team, '--name', 'theirs', '--json');
    expect(made).toMatchObject({ code: 0 });
    const other = { authorization: `Bearer ${(JSON.parse(made.stdout) as { key: string }).key}` };
    expect((await fetch(`${api}/v1/receipts/${id}`, { headers: other })).status).toBe(404);
    expect((await fetch(`${api}/v1/receipts/${id}`)).status).toBe(401);
    const receipt = (await (await fetch(`${api}/v1/receipts/${id}`, { headers: headers() })).json()) as {
      chat_id: string;
    };
    const signature = `${api}/v1/signature/${receipt.chat_id}`;
    expect(await (await fetch(signature, { headers: headers() })).json()).toMatchObject({ signing_algo: 'ed25519' });
    expect((await fetch(signature, { headers: other })).status).toBe(404);
  });
});
