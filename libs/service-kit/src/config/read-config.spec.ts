import { describe, expect, test } from '@jest/globals';
import { baseConfig, configClass } from './base-config.ts';
import { ConfigError, readConfig } from './read-config.ts';

class TestConfig extends configClass(baseConfig) {}

const good = {
  NODE_ENV: 'test',
  INSTANCE: 'thing-1',
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_USER: 'services',
  NATS_PASSWORD: 'a-long-enough-password',
  OPS_PORT: '9000',
};

describe('readConfig', () => {
  test('answers a frozen instance of the class', () => {
    const config = readConfig(TestConfig, good);
    expect(config).toBeInstanceOf(TestConfig);
    expect(config).toMatchObject({ OPS_PORT: 9000, LOG_LEVEL: 'info' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('names every bad variable at once and shows no value', () => {
    const bad = { ...good, NATS_PASSWORD: 'sh0rt-secret', OPS_PORT: '', NATS_URL: 'nats://user:hunter2@host:1' };
    const read = () => readConfig(TestConfig, bad);
    expect(read).toThrow(ConfigError);
    for (const name of ['NATS_PASSWORD must have', 'OPS_PORT is not set', 'NATS_URL must be'])
      expect(read).toThrow(name);
    for (const value of ['sh0rt', 'hunter2']) expect(read).not.toThrow(value);
  });
});
