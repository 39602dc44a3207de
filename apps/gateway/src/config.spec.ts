import { describe, expect, test } from '@jest/globals';
import { readConfig } from '@orgn/service-kit';
import { GatewayConfig } from './config.ts';

const environment = {
  NODE_ENV: 'test',
  INSTANCE: 'gateway-1',
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_SEED: `SU${'A'.repeat(56)}`,
  OPS_PORT: '9090',
  INTERNAL_TLS: 'off',
  HTTP_PORT: '8080',
};
const trusted = (TRUSTED_PROXIES: string) =>
  readConfig(GatewayConfig, { ...environment, TRUSTED_PROXIES }).TRUSTED_PROXIES;

describe('TRUSTED_PROXIES', () => {
  test('is nobody unless it is set, which production has to do', () => {
    expect(trusted('')).toBeUndefined();
    const production = { ...environment, NODE_ENV: 'production' };
    expect(() => readConfig(GatewayConfig, production)).toThrow('the line TRUSTED_PROXIES=none');
    expect(readConfig(GatewayConfig, { ...production, TRUSTED_PROXIES: 'none' }).TRUSTED_PROXIES).toEqual([]);
  });

  test('never names everybody', () => {
    expect(() => trusted('0.0.0.0/0')).toThrow('TRUSTED_PROXIES must be');
  });
});
