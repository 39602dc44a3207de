import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { madeRequest, madeResponse, makeBundle } from '@orgn/receipts/testing';

const run = promisify(execFile);
const app = join(import.meta.dirname, '..');
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orgn-verifier-'));
  await run(process.execPath, [join(app, 'build.mjs')]);
  copyFileSync(join(app, 'dist/cli.js'), join(folder, 'cli.mjs'));
  writeFileSync(
    join(folder, 'no-sockets.mjs'),
    `import net from 'node:net'; net.Socket.prototype.connect = () => { throw new Error('a socket was opened'); };`,
  );
  const made = await makeBundle();
  const files = {
    'receipt.json': made.text,
    'keys.json': JSON.stringify(made.keys),
    request: madeRequest,
    response: madeResponse,
    'tampered.json': made.text.replace('"near_qwen3_30b"', '"near_qwen3_30c"'),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** The one file alone, in a folder without anything else of ours, and without a network. */
async function cli(...args: string[]): Promise<Ended> {
  const argv = ['--import', './no-sockets.mjs', 'cli.mjs', ...args];
  const ended = await run(process.execPath, argv, { cwd: folder }).catch((error: unknown) => error as Ended);
  return { code: 'code' in ended ? ended.code : 0, stdout: ended.stdout, stderr: ended.stderr };
}

const all = ['--keys', 'keys.json', '--request', 'request', '--response', 'response', '--allow-development-root'];

describe('the verifier', () => {
  test('says that a good receipt is good, which checks passed, and that its root is one for development', async () => {
    const { code, stdout } = await cli('verify', 'receipt.json', ...all, '--offline');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +request_replayed/m);
    expect(stdout).toContain('DEVELOPMENT ROOT');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('GOOD');
  });

  test('says so to programs, too', async () => {
    const { code, stdout } = await cli('verify', 'receipt.json', ...all, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'good', facts: { developmentRoot: true } });
  });

  test.each([
    ['a changed receipt', ['verify', 'tampered.json', ...all], 1],
    ['a development root that nobody allowed', ['verify', 'receipt.json', ...all.slice(0, -1)], 1],
    ['another request', ['verify', 'receipt.json', ...all, '--request', 'response'], 1],
    ['a file that is no receipt', ['verify', 'keys.json', ...all], 1],
    ['no keys', ['verify', 'receipt.json', '--allow-development-root'], 3],
    ['a file that is not there', ['verify', 'nothing.json'], 2],
    ['keys that are none', ['verify', 'receipt.json', '--keys', 'request'], 2],
    ['a policy that is none', ['verify', 'receipt.json', ...all, '--policy', 'keys.json'], 2],
    ['an option that is none', ['verify', 'receipt.json', '--trust-me'], 2],
    ['no command', [], 2],
  ])('exits for %s as it says', async (_what, args, code) => {
    expect((await cli(...args)).code).toBe(code);
  });

  test('takes the policy of whoever verifies', async () => {
    const { stdout } = await cli('verify', 'receipt.json', ...all, '--json');
    const { policy } = (JSON.parse(stdout) as { receipt: { orgn: { policy: object } } }).receipt.orgn;
    writeFileSync(join(folder, 'policy.json'), JSON.stringify({ ...policy, gpus: { minimum: 8, exactly: null } }));
    const strict = await cli('verify', 'receipt.json', ...all, '--policy', 'policy.json');
    expect([strict.code, strict.stdout]).toEqual([1, expect.stringMatching(/^FAIL receipt_session.*gpu_count/m)]);
  });
});
