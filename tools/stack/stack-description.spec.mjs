import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { curlLine } from './banner.mjs';
import { busSeed } from './bus-seed.mjs';
import { busServices } from './bus-users.mjs';
import { deriveSecret } from './secrets.mjs';
import { portSlots, serviceDefinitions, simulatorDefinitions } from './services.mjs';
import { openStackFile } from './stack-description.mjs';
import { stackPaths } from './stack-dir.mjs';
import { readStackFile, setProcesses } from './stack-file.mjs';

const root = resolve(import.meta.dirname, '../..');
const options = { root, cwd: root, gateways: 2, routers: 1, registries: 1, meterings: 1 };
let stack;

beforeEach(() => {
  const ports = new Map(portSlots(options).map(({ slot, offset }) => [slot, 21_000 + offset]));
  stack = { options, ports, paths: stackPaths(mkdtempSync(join(tmpdir(), 'orgn-file-'))) };
});
afterEach(() => rmSync(stack.paths.dir, { recursive: true }));

test('stack.json has everything a caller needs, for its owner only', () => {
  const { opsToken } = openStackFile(stack);
  expect(readStackFile(stack.paths.stackFile)).toEqual({
    api: 'http://127.0.0.1:21000',
    gateways: ['http://127.0.0.1:21000', 'http://127.0.0.1:21001'],
    console: 'http://localhost:21010',
    issuer: 'http://localhost:21011',
    ops: 'http://127.0.0.1:21080',
    metrics: [
      { service: 'gateway', url: 'http://127.0.0.1:21040' },
      { service: 'gateway', url: 'http://127.0.0.1:21041' },
      { service: 'auth', url: 'http://127.0.0.1:21050' },
      { service: 'key-registry', url: 'http://127.0.0.1:21060' },
      { service: 'inference-router', url: 'http://127.0.0.1:21070' },
      { service: 'usage-metering', url: 'http://127.0.0.1:21080' },
    ],
    simulators: {
      providers: 'http://127.0.0.1:21012',
      control: 'http://127.0.0.1:21012',
      near: 'https://127.0.0.1:21015',
      phala: 'https://127.0.0.1:21016',
      makers: 'https://127.0.0.1:21017',
      stripe: 'http://localhost:21018',
    },
    postgresUrl: `postgresql://orgn_admin:${opsToken}@127.0.0.1:21013/orgn`,
    natsUrl: `nats://ops:${opsToken}@127.0.0.1:21014`,
    bus: {
      url: 'nats://127.0.0.1:21014',
      ca: null,
      users: Object.fromEntries(busServices.map((name) => [name, { seed: busSeed({ opsToken }, name) }])),
      operator: { name: 'ops', seed: busSeed({ opsToken }, 'op-ops') },
    },
    opsToken,
    demo: { teamId: null, key: null, users: ['owner', 'admin', 'member', 'viewer'].map((role) => user(role)) },
    processes: [],
  });
  expect(opsToken).toMatch(/^[\w-]{43}$/);
  expect(statSync(stack.paths.stackFile).mode & 0o777).toBe(0o600);
});

test('the secret and the demo key of an earlier start stay', () => {
  const { opsToken } = openStackFile(stack);
  const demo = { teamId: 'team_demo', key: 'sk-ollm-x', users: [] };
  writeFileSync(stack.paths.stackFile, JSON.stringify({ ...readStackFile(stack.paths.stackFile), demo }));
  expect(openStackFile(stack).opsToken).toBe(opsToken);
  expect(readStackFile(stack.paths.stackFile).demo).toEqual(demo);
});

test('data without the secret that opens it is an error, not a new secret', () => {
  mkdirSync(join(stack.paths.dir, 'postgres'));
  expect(() => openStackFile(stack)).toThrow('no stack.json');
});

test('processes change, the rest stays', () => {
  setProcesses(stack.paths.stackFile, []);
  expect(readStackFile(stack.paths.stackFile)).toBeUndefined();
  openStackFile(stack);
  const before = readFileSync(stack.paths.stackFile, 'utf8');
  setProcesses(stack.paths.stackFile, [{ name: 'nats', service: 'nats', pid: 1, logFile: '/l' }]);
  expect(readStackFile(stack.paths.stackFile).processes).toHaveLength(1);
  setProcesses(stack.paths.stackFile, []);
  expect(readFileSync(stack.paths.stackFile, 'utf8')).toBe(before);
});

test('every service gets the secrets it needs and no other', async () => {
  const { opsToken } = openStackFile(stack);
  const secrets = {
    ops: opsToken,
    ...Object.fromEntries(busServices.map((name) => [`bus:${name}`, busSeed(stack, name)])),
    ownOperator: busSeed(stack, 'op-ops'),
    auth: deriveSecret(opsToken, 'postgres:auth'),
    registry: deriveSecret(opsToken, 'postgres:key_registry'),
    router: deriveSecret(opsToken, 'postgres:inference_router'),
    metering: deriveSecret(opsToken, 'postgres:usage_metering'),
    pepper: deriveSecret(opsToken, 'key-pepper'),
    webhooks: deriveSecret(opsToken, 'stripe-webhooks'),
  };
  const held = ({ env }) => Object.keys(secrets).filter((name) => JSON.stringify(env).includes(secrets[name]));
  const all = [...(await serviceDefinitions(stack)), ...simulatorDefinitions(stack)];
  expect(Object.fromEntries(all.map((definition) => [definition.name, held(definition)]))).toEqual({
    'gateway-1': ['bus:gateway'],
    'gateway-2': ['bus:gateway'],
    'auth-1': ['bus:auth', 'auth'],
    'key-registry-1': ['bus:key-registry', 'registry', 'pepper'],
    'inference-router-1': ['bus:inference-router', 'router'],
    'usage-metering-1': ['bus:usage-metering', 'metering', 'webhooks'],
    'id-orgn': [],
    providers: [],
    stripe: ['webhooks'],
  });
});

test('the curl line is one that a shell understands', () => {
  const line = curlLine({ api: 'http://127.0.0.1:1', demo: { key: 'K' } });
  expect(line).toBe(
    `curl -s http://127.0.0.1:1/v1/chat/completions -H "Authorization: Bearer K" -H 'content-type: application/json' -d '{"model":"near_qwen3_30b","messages":[{"role":"user","content":"Hello"}]}'`,
  );
});

function user(role) {
  return { email: `${role}@orgn.test`, role };
}
