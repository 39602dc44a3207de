import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { baseConfig, configClass } from './base-config.ts';
import { databaseSettings } from './database-settings.ts';
import { ConfigError } from './config-error.ts';
import { readConfig } from './read-config.ts';
import { requireCertificate } from '../tls/require-certificate.ts';
import { secret, secretNames } from './secret.ts';

class TestConfig extends configClass(baseConfig) {}

const good = {
  NODE_ENV: 'test',
  INSTANCE: 'thing-1',
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_SEED: `SU${'A'.repeat(56)}`,
  OPS_PORT: '9000',
  INTERNAL_TLS: 'off',
};

describe('readConfig', () => {
  test('answers a frozen instance of the class', () => {
    const config = readConfig(TestConfig, good);
    expect(config).toBeInstanceOf(TestConfig);
    expect(config).toMatchObject({ OPS_PORT: 9000, LOG_LEVEL: 'info' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('names every bad variable at once and shows no value', () => {
    const bad = { ...good, NATS_SEED: 'sh0rt-secret', OPS_PORT: '', NATS_URL: 'nats://user:hunter2@host:1' };
    const read = () => readConfig(TestConfig, bad);
    expect(read).toThrow(ConfigError);
    for (const name of ['NATS_SEED must be', 'OPS_PORT is not set', 'NATS_URL must be']) expect(read).toThrow(name);
    for (const value of ['sh0rt', 'hunter2']) expect(read).not.toThrow(value);
  });
});

describe('settings beside each other', () => {
  const faultsOf = (more: object) => {
    try {
      readConfig(TestConfig, { ...good, ...more }, [requireCertificate]);
      return [];
    } catch (error) {
      return (error as ConfigError).faults;
    }
  };

  test('are held against each other whatever else is wrong, each named once', () => {
    const faults = faultsOf({ INTERNAL_TLS: 'on', OPS_PORT: '', NATS_URL: 'http://x', DRAIN_SECONDS: '30' });
    expect(faults).toEqual([
      expect.stringContaining('NATS_URL must be'),
      'OPS_PORT is not set: add the line OPS_PORT=9090',
      'DRAIN_SECONDS must be less than STOP_SECONDS, which is 10: add the line STOP_SECONDS=50',
      expect.stringContaining('TLS_DIR is not set'),
    ]);
  });

  test('are good when they agree', () => {
    expect(faultsOf({ DRAIN_SECONDS: '3', STOP_SECONDS: '25' })).toEqual([]);
  });
});

describe('a setting that comes as a file', () => {
  let dir: string;
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const another = `SU${'B'.repeat(56)}`;
  const { NATS_SEED: _, ...rest } = good;

  beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'orgn-config-'))));
  afterAll(() => rmSync(dir, { recursive: true }));

  test('is what the file holds, without the line break at its end', () => {
    const environment = { ...rest, NATS_SEED_FILE: file('a', `${another}\n`), OPS_PORT: '' };
    const config = readConfig(TestConfig, { ...environment, OPS_PORT_FILE: file('b', '9001\r\n') });
    expect(config).toMatchObject({ NATS_SEED: another, OPS_PORT: 9001 });
  });

  test('may be any setting but one whose own name ends so', () => {
    class Files extends configClass(z.object({ MODELS: z.string().optional(), MODELS_FILE: z.string() })) {}
    expect(readConfig(Files, { MODELS_FILE: '/nowhere' })).toEqual({ MODELS_FILE: '/nowhere' });
  });

  test('set in both ways is refused by both names, and neither is shown', () => {
    const read = () => readConfig(TestConfig, { ...good, NATS_SEED_FILE: file('c', another) });
    expect(read).toThrow('NATS_SEED and NATS_SEED_FILE are both set');
    for (const value of [good.NATS_SEED, another]) expect(read).not.toThrow(value);
  });

  test('is named once, with what is wrong with its file or its text', () => {
    const faultsOf = (path: string) => {
      try {
        return readConfig(TestConfig, { ...rest, NATS_SEED_FILE: path });
      } catch (error) {
        return (error as Error).message.split('\n').slice(1);
      }
    };
    expect(faultsOf(join(dir, 'none'))).toEqual(['  - NATS_SEED_FILE names a file that cannot be read (ENOENT)']);
    expect(faultsOf(dir)).toEqual(['  - NATS_SEED_FILE names a file that cannot be read (EISDIR)']);
    expect(faultsOf('/dev/zero')).toEqual([expect.stringContaining('its text is too long')]);
    expect(faultsOf(file('d', 'sh0rt'))).toEqual(['  - NATS_SEED must be the seed of a NATS user']);
    expect(faultsOf(file('e', ''))).toEqual([
      '  - NATS_SEED is not set: add the line NATS_SEED=SU… (npm run secrets makes it)',
    ]);
  });
});

describe('a secret', () => {
  class Secretive extends configClass(
    z.object({ TEST_PLAIN: z.string(), TEST_SECRET: secret(z.string().optional()), ...databaseSettings }),
  ) {}

  test('is gone from the environment once it was read, also when something else is wrong', () => {
    for (const url of ['postgresql://role:pw@host/db', 'nonsense']) {
      Object.assign(process.env, { TEST_PLAIN: 'plain', TEST_SECRET: 'hidden', DATABASE_URL: url });
      const read = () => readConfig(Secretive);
      if (url === 'nonsense') expect(read).toThrow('DATABASE_URL');
      else expect(read()).toMatchObject({ TEST_SECRET: 'hidden' });
      expect(process.env).not.toHaveProperty('TEST_SECRET');
      expect(process.env).not.toHaveProperty('DATABASE_URL');
      expect(process.env).toHaveProperty('TEST_PLAIN');
    }
    delete process.env.TEST_PLAIN;
  });

  test('is named by its configuration class', () => {
    expect(secretNames(Secretive)).toEqual(['TEST_SECRET', 'DATABASE_URL', 'DATABASE_PASSWORD']);
    expect(secretNames(TestConfig)).toEqual(['NATS_SEED']);
  });

  test.each(['postgresql://host/db', 'mysql://role@host/db', ''])('is no database without a role: %j', (url) => {
    const read = () => readConfig(Secretive, { TEST_PLAIN: 'x', DATABASE_URL: url });
    expect(read).toThrow(/DATABASE_URL (must be postgresql:|is not set)/);
  });
});
