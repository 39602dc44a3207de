import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
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
  stack.env.LOG_BATCH_SECONDS = '2';
  await stack.start('--routers', '2');
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

const get = (path: string, isWithKey = true) =>
  fetch(`${stack.file.api}${path}`, { headers: isWithKey ? headers() : {} });

/** What there is once it is there, of what is looked for again and again. */
async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 240; tries += 1) {
    const found = await find();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error('it did not come');
}

/** A receipt's bundle, once its batch is in the log. */
async function inLog(id: string): Promise<string | undefined> {
  const text = await (await get(`/v1/receipts/${id}/bundle`)).text();
  return (JSON.parse(text) as { log: unknown }).log === 'pending' ? undefined : text;
}

const sha256 = (...bytes: Uint8Array[]) => createHash('sha256').update(Buffer.concat(bytes)).digest();

/** The root of a tree of less than two tiles, as RFC 9162 has it. */
function rootOf(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.from([1]), rootOf(leaves.slice(0, split)), rootOf(leaves.slice(split)));
}

describe('the log of receipts', () => {
  test('proves that a receipt is in it, to whoever has the keys, and anybody may read it', async () => {
    const { id } = await ask({ model: 'near_qwen3_30b', messages: hello });
    const bundle = await until(() => inLog(id));
    writeFileSync(join(folder, 'bundle'), bundle);
    writeFileSync(join(folder, 'keys'), await (await get('/v1/receipts/keys', false)).text());
    const { code, checks } = await verify(development);
    expect([code, checks.log_checkpoint, checks.log_inclusion]).toEqual([0, 'pass', 'pass']);
    const head = await (await get('/v1/transparency/checkpoint', false)).text();
    const [origin, size, root] = head.split('\n');
    expect([origin, Number(size) > 0 && Number(size) < 256]).toEqual(['orgn-gateway/receipts', true]);
    const tile = await get(`/v1/transparency/tile/0/000.p/${size}`, false);
    const hashes = Buffer.from(await tile.arrayBuffer());
    const leaves = Array.from({ length: Number(size) }, (_, at) => hashes.subarray(at * 32, at * 32 + 32));
    expect(rootOf(leaves).toString('base64')).toBe(root);
    expect((await get(`/v1/transparency/tile/0/000.p/${Number(size) + 100}`, false)).status).toBe(404);
  });
});

describe('an enclave', () => {
  test('makes a report for the caller’s own nonce, and sessions that receipts name are shown', async () => {
    const nonce = randomBytes(32).toString('hex');
    const answer = await get(`/v1/attestation/report?model=near_qwen3_30b&nonce=${nonce}`);
    expect([answer.status, answer.headers.get('x-ollm-provider')]).toEqual([200, 'near']);
    expect(await answer.json()).toMatchObject({ request_nonce: nonce });
    const { id } = await ask({ model: 'near_qwen3_30b', messages: hello });
    const receipt = (await (await get(`/v1/receipts/${id}`)).json()) as { event_log: { session_id?: string }[] };
    const session = receipt.event_log[2]?.session_id ?? '';
    const document = (await (await get(`/v1/attestation/sessions/${session}`)).json()) as {
      session_id: string;
      claims: Record<string, { status: string }>;
    };
    expect([document.session_id, document.claims.tee_attested?.status]).toEqual([session, 'asserted']);
    expect((await get(`/v1/attestation/sessions/${'0'.repeat(64)}`)).status).toBe(404);
  });

  test.each([
    ['a nonce of another form', `model=near_qwen3_30b&nonce=ab`, 400],
    ['a model outside of enclaves', `model=vercel_gpt_4o&nonce=${'a'.repeat(64)}`, 400],
    ['a model that is none', `model=nothing&nonce=${'a'.repeat(64)}`, 404],
  ])('is not asked with %s', async (_what, query, status) => {
    expect((await get(`/v1/attestation/report?${query}`)).status).toBe(status);
  });
});

describe('a router that is killed', () => {
  test('takes no receipt along that was kept, and one that was not is unavailable', async () => {
    const { id: kept } = await ask({ model: 'near_qwen3_30b', messages: hello });
    await until(() => inLog(kept));
    // Signatures that do not come are waited for, for seconds: none of these receipts is made before the kill.
    await stack.control('near', { attestation: 'signature_missing' });
    const chats = Array.from({ length: 12 }, () => stack.chat({ model: 'near_qwen3_30b', messages: hello }));
    const ids = (await Promise.all(chats)).map((answer) => answer.headers.get('x-request-id') ?? '');
    process.kill(stack.file.processes.find(({ name }) => name === 'inference-router-1')!.pid, 'SIGKILL');
    expect((await get(`/v1/receipts/${kept}/bundle`)).status).toBe(200);
    const standings = await Promise.all(
      ids.map((id) =>
        until(async () => {
          const answer = await get(`/v1/receipts/${id}`);
          return answer.ok ? ((await answer.json()) as { orgn: { status: string } }).orgn.status : undefined;
        }),
      ),
    );
    expect(new Set(standings)).toEqual(new Set(['pending', 'unavailable']));
    expect((await get(`/v1/receipts/${kept.slice(0, -4)}0000`)).status).toBe(404);
  }, 120_000);
});
