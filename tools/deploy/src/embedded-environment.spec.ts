import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { readConfig, type ConfigClass } from '@orgn/service-kit';
import { serviceAllocator } from '@orgn/stack/node-flags.mjs';
import { portSlots, serviceDefinitions, simulatorDefinitions, type ServiceProcess } from '@orgn/stack/services.mjs';
import type { z } from 'zod';
import { AuthConfig } from '../../../apps/auth/src/config.ts';
import { GatewayConfig } from '../../../apps/gateway/src/config.ts';
import { RouterConfig } from '../../../apps/inference-router/src/config.ts';
import { KeyRegistryConfig } from '../../../apps/key-registry/src/config.ts';
import { UsageMeteringConfig } from '../../../apps/usage-metering/src/config.ts';

const configs = {
  auth: AuthConfig,
  gateway: GatewayConfig,
  'inference-router': RouterConfig,
  'key-registry': KeyRegistryConfig,
  'usage-metering': UsageMeteringConfig,
} as unknown as Record<string, ConfigClass<z.ZodObject>>;

/** What Node and the C library read. */
const ofTheRuntime = [
  'PATH',
  'HOME',
  'TMPDIR',
  'LD_LIBRARY_PATH',
  'LC_ALL',
  'TZ',
  'NODE_EXTRA_CA_CERTS',
  'NODE_COMPILE_CACHE',
  ...Object.keys(serviceAllocator),
];
const opsToken = 'the-root-secret-of-a-stack-that-only-a-test-has';
const dir = mkdtempSync(join(tmpdir(), 'orgn-embedded-'));
const root = join(import.meta.dirname, '../../..');
const options = { root, cwd: root, gateways: 2, routers: 1, registries: 1, meterings: 1 };
const ports = new Map(portSlots(options).map(({ slot }, index) => [slot, 20_000 + index]));
const stack = { options, paths: { dir }, ports, opsToken };

/** What a caller's shell may hold: settings, somebody's credentials, and things of other programs. */
const shell = {
  LOG_LEVEL: 'debug',
  MAX_BODY_BYTES: '1000000',
  OPS_TOKEN: 'a-token-of-the-shell',
  DATABASE_ADMIN_PASSWORD: 'a-password-of-the-shell',
  NEAR_API_KEY: 'a-key-of-the-shell',
  EDITOR: 'ed',
  NODE_OPTIONS: '--inspect',
};

async function definitionsUnder(environment: Record<string, string>): Promise<ServiceProcess[]> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  try {
    return [...simulatorDefinitions(stack), ...(await serviceDefinitions(stack))];
  } finally {
    process.env = before;
  }
}

afterAll(() => rmSync(dir, { recursive: true }));

describe('a process of the embedded stack', () => {
  test('is given what its configuration class reads, and nothing else', async () => {
    const services = (await definitionsUnder(shell)).filter(({ service }) => service in configs);
    expect(new Set(services.map(({ service }) => service))).toEqual(new Set(Object.keys(configs)));
    for (const { name, service, env } of services) {
      const known = [...ofTheRuntime, ...Object.keys(configs[service]!.schema.shape)];
      expect([name, Object.keys(env).filter((variable) => !known.includes(variable))]).toEqual([name, []]);
      expect(() => readConfig(configs[service]!, env)).not.toThrow();
      expect(env.LOG_LEVEL).toBe('debug');
    }
  });

  test('holds neither the root secret nor what the shell held for others', async () => {
    for (const { service, env } of await definitionsUnder(shell)) {
      const text = JSON.stringify(env);
      for (const secret of [opsToken, shell.OPS_TOKEN, shell.DATABASE_ADMIN_PASSWORD])
        expect(text).not.toContain(secret);
      expect([service, text.includes(shell.NEAR_API_KEY)]).toEqual([service, service === 'inference-router']);
    }
  });

  test('cannot be opened to a debugger by a signal', async () => {
    for (const { command, args } of await definitionsUnder({})) {
      expect([command, args[0]]).toEqual([process.execPath, '--disable-sigusr1']);
    }
  });
});
