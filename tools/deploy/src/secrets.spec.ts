import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { userPublicKey } from '@orgn/stack/nkeys.mjs';

const command = join(import.meta.dirname, '../../secrets.mjs');

let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'orgn-secrets-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const run = (...flags: string[]) => spawnSync(process.execPath, [command, ...flags], { cwd: dir, encoding: 'utf8' });
const envFile = () => join(dir, '.env');
const env = () => parseEnv(readFileSync(envFile(), 'utf8'));
const secret = (name: string) => readFileSync(join(dir, 'secrets', name), 'utf8').trimEnd();
const modeOf = (...path: string[]) => statSync(join(dir, ...path)).mode & 0o777;
/** Every file that the command made, with what is in it. */
const everything = () =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'utf8')]);

describe('npm run secrets', () => {
  test('makes other secrets each time, keeps what is there, and says so', () => {
    expect(run().status).toBe(0);
    const before = everything();
    const again = run();
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('are kept')]);
    expect(everything()).toEqual(before);
    const token = secret('ops_token');
    rmSync(join(dir, 'secrets'), { recursive: true });
    expect(run().status).toBe(0);
    expect(secret('ops_token')).not.toBe(token);
  });

  test('writes no secret into .env, and lets nobody else into the folder of the others', () => {
    run('--demo');
    for (const [name] of Object.entries(env()))
      expect(name).not.toMatch(/PASSWORD|TOKEN|PEPPER|SEED|_KEYS?$|CLIENT_SECRET/);
    expect([modeOf('.env'), modeOf('secrets'), modeOf('secrets', 'tls', 'ca', 'ca.key')]).toEqual([
      0o600, 0o700, 0o600,
    ]);
    // Containers read as users of their own, through mounts of single files and folders.
    expect([modeOf('secrets', 'key_peppers'), modeOf('secrets', 'tls', 'gateway')]).toEqual([0o644, 0o755]);
  });

  test('lets in who is invited, and everybody in the demo', () => {
    run();
    expect(env().SIGN_UP).toBe('invited');
    rmSync(envFile());
    run('--demo');
    expect(env().SIGN_UP).toBe('open');
  });

  test('takes the secrets of an earlier installation over, makes what it lacked, and leaves its settings as they were', () => {
    writeFileSync(
      envFile(),
      '# mine\nOPS_TOKEN=the-old-token-of-this-place\nNATS_PASSWORD=nobody-reads-it\nKEY_PEPPERS=k1:old\nCONSOLE_URL=https://c.example # ours\nNEAR_API_KEY="a key"\n',
    );
    expect(run().status).toBe(0);
    expect([secret('ops_token'), secret('key_peppers'), secret('near_api_key')]).toEqual([
      'the-old-token-of-this-place',
      'k1:old',
      'a key',
    ]);
    expect(secret('postgres_password')).toMatch(/^[\w-]{43}$/);
    expect(readFileSync(envFile(), 'utf8')).toBe(
      `# mine\nCONSOLE_URL=https://c.example # ours\nSECRETS_DIR=./secrets\nOPERATOR_USER=${process.getuid!()}:${process.getgid!()}\n`,
    );
  });

  test('moves what the operator writes into .env to its file, and takes the later word', () => {
    run();
    for (const key of ['first', 'second']) {
      appendFileSync(envFile(), `NEAR_API_KEY=${key}\n`);
      expect(run().status).toBe(0);
      expect([secret('near_api_key'), env().NEAR_API_KEY]).toEqual([key, undefined]);
    }
  });

  test('changes nothing when .env has another value for a secret that was made here', () => {
    run();
    appendFileSync(envFile(), 'KEY_PEPPERS=k1:another\n');
    const before = everything();
    const refused = run();
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/differ on KEY_PEPPERS/)]);
    expect(refused.stderr).not.toContain('another');
    expect(everything()).toEqual(before);
  });

  test('lists users of the bus by public keys that fit their seeds, and keeps the operators that were added', () => {
    run();
    const file = join(dir, 'deploy', 'bus', 'users.json');
    const users = () => JSON.parse(readFileSync(file, 'utf8')) as { services: object; operators: { name: string }[] };
    expect(Object.values(users().services)).toContain(userPublicKey(secret('nats_gateway_seed')));
    const before = users();
    writeFileSync(file, JSON.stringify({ ...before, operators: [...before.operators, { name: 'ann', nkey: 'U' }] }));
    rmSync(join(dir, 'secrets', 'nats_gateway_seed'));
    expect(run().status).toBe(0);
    expect(users().operators.map(({ name }) => name)).toEqual(['ops', 'ann']);
    expect(Object.values(users().services)).toContain(userPublicKey(secret('nats_gateway_seed')));
  });

  test('-- --renew makes new certificates of the same authority and touches nothing else', () => {
    run();
    const before = Object.fromEntries(everything()) as Record<string, string>;
    expect(run('--renew').status).toBe(0);
    const after = Object.fromEntries(everything()) as Record<string, string>;
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.length).toBe(16);
    for (const name of changed) expect(name).toMatch(/\/tls\/[a-z-]+\/tls\.(crt|key)$/);
  });
});
