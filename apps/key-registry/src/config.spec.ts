import { describe, expect, test } from '@jest/globals';
import { ConfigError, readConfig } from '@orgn/service-kit';
import { KeyRegistryConfig } from './config.ts';
import { makePeppers } from './keys/make.ts';

const environment = {
  NODE_ENV: 'test',
  INSTANCE: 'key-registry-1',
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_SEED: `SU${'A'.repeat(56)}`,
  OPS_PORT: '1',
  DATABASE_URL: 'postgresql://key_registry:pw@127.0.0.1:5432/orgn',
  ADMISSION_KEYS: `a1:${Buffer.alloc(32).toString('base64url')}`,
};

describe('KEY_PEPPERS', () => {
  test('lists the current pepper first', () => {
    const { KEY_PEPPERS } = readConfig(KeyRegistryConfig, { ...environment, KEY_PEPPERS: makePeppers('new', 'old') });
    expect(KEY_PEPPERS.map(({ kid, secret }) => [kid, secret.length])).toEqual([
      ['new', 32],
      ['old', 32],
    ]);
  });

  test.each([
    ['nothing', ''],
    ['a secret without a kid', Buffer.alloc(32).toString('base64url')],
    ['a short secret', `k1:${Buffer.alloc(31).toString('base64url')}`],
    ['a secret that is not base64url', `k1:${'*'.repeat(43)}`],
    ['a comma too many', `${makePeppers('k1')},`],
    ['one kid twice', makePeppers('k1', 'k1')],
  ])('may not be %s, and the fault does not quote it', (_, KEY_PEPPERS) => {
    const read = () => readConfig(KeyRegistryConfig, { ...environment, KEY_PEPPERS });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/KEY_PEPPERS (is not set|must)/);
    expect(read).not.toThrow(KEY_PEPPERS || 'AAAA');
  });
});
