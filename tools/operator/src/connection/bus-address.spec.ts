import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findBusAddress } from './bus-address.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'orgn-operator-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function writeStack(dir: string, port: number, processes: object[] = [{ name: 'nats' }]): string {
  mkdirSync(dir, { recursive: true });
  const natsUrl = `nats://ops:p%40ss-of-${port}@127.0.0.1:${port}`;
  writeFileSync(join(dir, 'stack.json'), JSON.stringify({ natsUrl, processes, opsToken: 'x' }));
  return dir;
}

const writeEnv = (text: string) => writeFileSync(join(root, '.env'), text);
const environment = { INTERNAL_TLS: 'off', NATS_URL: 'nats://nats:4222', NATS_PASSWORD: 'token' };
const find = (dir?: string, env: Record<string, string> = {}) => findBusAddress(dir, env, root);
const refusal = { code: 'service_unavailable' };

describe('the deployment to talk to', () => {
  test('is the stack in --dir, before everything else', () => {
    writeStack(join(root, '.local'), 4001);
    const dir = writeStack(join(root, 'other'), 4002);
    expect(find(dir, environment)).toMatchObject({
      url: 'nats://127.0.0.1:4002',
      operator: 'ops',
      proof: { password: 'p@ss-of-4002' },
    });
  });

  test('is the bus that the environment names, else the embedded stack, else the compose deployment', () => {
    writeEnv('OPS_TOKEN=from-env-file\nNATS_PORT=4003\n');
    expect(find()).toMatchObject({
      url: 'nats://127.0.0.1:4003',
      operator: 'ops',
      proof: { password: 'from-env-file' },
    });
    writeStack(join(root, '.local'), 4001);
    expect(find()).toMatchObject({ url: 'nats://127.0.0.1:4001' });
    expect(find(undefined, environment)).toMatchObject({ url: 'nats://nats:4222', proof: { password: 'token' } });
  });

  test('is not an embedded stack that was stopped, when there is a compose deployment', () => {
    writeStack(join(root, '.local'), 4001, []);
    expect(() => find()).toThrow('start one with `npm start`');
    writeEnv('OPS_TOKEN=from-env-file\n');
    expect(find()).toMatchObject({ url: 'nats://127.0.0.1:4222', proof: { password: 'from-env-file' } });
  });

  test('is asked under one’s own name by whoever has a seed', () => {
    const dir = writeStack(join(root, '.local'), 4001);
    const own = { NATS_OPERATOR: 'alice', NATS_SEED: 'her-seed' };
    for (const address of [find(undefined, own), find(dir, own)]) {
      expect(address).toMatchObject({ url: 'nats://127.0.0.1:4001', operator: 'alice', proof: { seed: 'her-seed' } });
    }
    expect(find(undefined, { ...environment, ...own })).toMatchObject({ url: 'nats://nats:4222', operator: 'alice' });
  });

  test('ignores an environment that is not complete', () => {
    writeStack(join(root, '.local'), 4001);
    expect(find(undefined, { ...environment, NATS_PASSWORD: '' })).toMatchObject({ url: 'nats://127.0.0.1:4001' });
  });

  test('may be named relative to where the operator stood when npm ran the script', () => {
    const home = process.cwd();
    const inside = join(root, 'inside');
    writeStack(join(inside, 'd'), 4004);
    try {
      process.chdir(root);
      const env = { npm_lifecycle_event: 'usage', INIT_CWD: inside };
      expect(findBusAddress('d', env, process.cwd())).toMatchObject({ url: 'nats://127.0.0.1:4004' });
    } finally {
      process.chdir(home);
    }
  });

  test.each([
    ['.local without a file', ''],
    ['half a file', '{"natsUrl": "nats://ops:secret@127'],
    ['a file without a bus', '{}'],
  ])('is refused with what to do, quoting nothing: %s', (_, text) => {
    const dir = join(root, 'broken');
    mkdirSync(dir);
    if (text) writeFileSync(join(dir, 'stack.json'), text);
    expect(() => find(dir)).toThrow(expect.objectContaining(refusal));
    expect(() => find(dir)).toThrow('npm start -- --dir');
    expect(() => find(dir)).not.toThrow('secret');
  });
});
