import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { engineFaults } from '../check/engine-faults.mjs';

const command = join(import.meta.dirname, '../../secrets.mjs');
let dir: string;
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'orgn-check-'))));
afterEach(() => rmSync(dir, { recursive: true }));

const run = (...flags: string[]) => spawnSync(process.execPath, [command, ...flags], { cwd: dir, encoding: 'utf8' });
const add = (...lines: string[]) => appendFileSync(join(dir, '.env'), lines.map((line) => `${line}\n`).join(''));
const complete = [
  'CONSOLE_URL=https://console.example.com',
  'OIDC_ISSUER=https://id.example.com',
  'OIDC_CLIENT_ID=orgn-console',
  'OIDC_CLIENT_SECRET=the-provider-gave-it',
];

describe('npm run secrets -- --check', () => {
  test('names all that is left to fill in at once, with the line to add, as the command itself does', () => {
    const first = run();
    const { status, stderr } = run('--check');
    expect([first.status, status]).toEqual([0, 1]);
    for (const name of ['CONSOLE_URL', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']) {
      expect(stderr).toMatch(new RegExp(`- ${name} is not set: add the line ${name}=`));
      expect(first.stderr).toContain(`- ${name} is not set`);
    }
    expect(stderr.match(/^ {2}- /gm)).toHaveLength(4);
  });

  test('finds nothing in a production that is filled in, without mail, and in the demo', () => {
    run();
    add(...complete);
    run();
    expect(run('--check')).toMatchObject({ status: 0, stderr: expect.stringContaining('Everything') });
    rmSync(join(dir, '.env'));
    run('--demo');
    expect(run('--check').status).toBe(0);
  });

  test('says what contradicts itself, of every kind, and no value', () => {
    run();
    add(...complete, 'SMTP_URL=smtp://u:pw@mail.example', 'VERCEL_API_KEY=a-key-of-vercel');
    run();
    const before = readFileSync(join(dir, '.env'), 'utf8');
    add('SIGN_UP=domains', 'NEAR_BASE_URL=http://near.example/v1', 'BIND_ADDRESS=0.0.0.0', 'CONSOLE_PORT=8080');
    add('SIGNUP=open', 'LOCAL_API_KEY=stands-here', 'DRAIN_SECONDS=40');
    rmSync(join(dir, 'secrets/key_peppers'));
    rmSync(join(dir, 'secrets/tls/gateway/tls.key'));
    chmodSync(join(dir, '.env'), 0o644);
    chmodSync(join(dir, 'secrets/ops_token'), 0o600);
    const { status, stderr } = run('--check');
    expect(status).toBe(1);
    for (const fault of [
      'SIGN_UP_DOMAINS is not set',
      'NEAR_API_KEY is not set, but NEAR_BASE_URL is',
      'NEAR_BASE_URL must be https',
      'VERCEL_BASE_URL is not set, but VERCEL_API_KEY is',
      'MAIL_FROM is not set, but SMTP_URL is',
      'TRUSTED_PROXIES=none',
      'CONSOLE_PORT has a port in common',
      'SIGNUP stands in .env and is read by nothing',
      'LOCAL_API_KEY is a secret',
      'secrets/key_peppers is missing',
      'TLS_DIR must be a folder',
      'chmod 600 .env',
      'chmod 644 secrets/ops_token',
    ])
      expect(stderr).toContain(fault);
    for (const value of ['a-key-of-vercel', 'stands-here', 'u:pw', 'near.example']) expect(stderr).not.toContain(value);
    expect(readFileSync(join(dir, '.env'), 'utf8').startsWith(before)).toBe(true);
  });

  test.each([
    [['GATEWAY_REPLICAS=2'], 'GATEWAY_REPLICAS is more than API_PORT has ports'],
    [['COMPOSE_PROFILES=proxy'], 'GATEWAY_PUBLISH=127.0.0.1:0'],
    [['GATEWAY_PUBLISH=127.0.0.1:0'], 'nothing has API_PORT'],
    [['COMPOSE_PROFILES=poxy'], 'COMPOSE_PROFILES may name'],
    [['API_PORT=8180-8182', 'NATS_PORT=8182'], 'NATS_PORT has a port in common with API_PORT'],
    [['COMPOSE_PROFILES=demo', 'CONSOLE_PORT=8083'], 'CONSOLE_PORT has a port in common with the simulator of Stripe'],
    [
      ['COMPOSE_PROFILES=proxy', 'GATEWAY_PUBLISH=127.0.0.1:9000', 'GATEWAY_REPLICAS=2'],
      'more than GATEWAY_PUBLISH has',
    ],
    [
      ['COMPOSE_PROFILES=proxy', 'GATEWAY_PUBLISH=127.0.0.1:8080'],
      'GATEWAY_PUBLISH has a port in common with API_PORT',
    ],
    [['API_PORT=80800'], 'API_PORT is no port'],
    [['CONSOLE_PORT=8090-8085'], 'CONSOLE_PORT is no port'],
    [['GATEWAY_PUBLISH=127.0.0.1'], 'GATEWAY_PUBLISH is no address with a port'],
    [['KEY_REGISTRY_REPLICAS=two'], 'KEY_REGISTRY_REPLICAS is no number'],
    [['USAGE_METERING_REPLICAS=0'], 'USAGE_METERING_REPLICAS is no number'],
    [['POSTGRES_MEMORY=1 GB'], 'POSTGRES_MEMORY is no size'],
    [['MAX_CPUS=all'], 'MAX_CPUS is no number'],
    [['STOP_GRACE_PERIOD=60'], 'STOP_GRACE_PERIOD is no time'],
    [['STOP_SECONDS=120'], 'add the line STOP_GRACE_PERIOD=125s'],
    [['MAX_HELD_BYTES=4294967296'], 'add the line INFERENCE_ROUTER_MEMORY=5632m'],
    [['BUS_SUBNET=10.9.0.0/24'], 'BUS_GATEWAY is not in BUS_SUBNET'],
    [['BUS_RANGE=172.30.58.0/25'], 'PROXY_ADDRESS is in BUS_RANGE'],
    [['BUS_SUBNET=172.30.58.0'], 'BUS_SUBNET is no network'],
  ])('says what contradicts itself for the engine: %s', (lines, said) => {
    const settings = parseEnv(lines.join('\n'));
    expect(engineFaults(settings).map(({ message }) => message)).toEqual(
      expect.arrayContaining([expect.stringContaining(said)]),
    );
  });

  test.each([
    [['GATEWAY_REPLICAS=3', 'API_PORT=8180-8182']],
    [['GATEWAY_REPLICAS=3', 'COMPOSE_PROFILES=demo,proxy', 'GATEWAY_PUBLISH=127.0.0.1:0']],
    [['GATEWAY_REPLICAS=2', 'COMPOSE_PROFILES=proxy', 'GATEWAY_PUBLISH=[::1]:9000-9001', 'MAX_CPUS=1.5']],
    [['STOP_SECONDS=120', 'STOP_GRACE_PERIOD=2m5s', 'MAX_HELD_BYTES=4294967296', 'INFERENCE_ROUTER_MEMORY=5.5gb']],
    [
      ['BUS_SUBNET=10.9.0.0/24', 'BUS_GATEWAY=10.9.0.1', 'BUS_RANGE=10.9.0.128/25', 'PROXY_ADDRESS=10.9.0.2'].concat(
        'NATS_ADDRESS=10.9.0.3',
      ),
    ],
  ])('takes what goes together for the engine: %s', (lines) => {
    expect(engineFaults(parseEnv(lines.join('\n')))).toEqual([]);
  });

  test('says that there is nothing yet', () => {
    expect(run('--check')).toMatchObject({ status: 1, stderr: expect.stringContaining('npm run secrets') });
  });
});
