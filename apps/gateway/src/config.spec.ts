import { describe, expect, test } from '@jest/globals';
import { readConfig } from '@orgn/service-kit';
import { GatewayConfig } from './config.ts';

const environment = {
  NODE_ENV: 'test',
  INSTANCE: 'gateway-1',
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_USER: 'services',
  NATS_PASSWORD: 'a-password-for-a-test',
  OPS_PORT: '9090',
  HTTP_PORT: '8080',
};
const trusted = (TRUSTED_PROXIES: string) =>
  readConfig(GatewayConfig, { ...environment, TRUSTED_PROXIES }).TRUSTED_PROXIES;

describe('TRUSTED_PROXIES', () => {
  test('is nobody unless it is set', () => {
    expect(trusted('')).toBeUndefined();
  });

  test('takes addresses and ranges, IPv4 and IPv6', () => {
    expect(trusted('10.0.0.0/8, 192.0.2.7,fd00::/8')).toEqual(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
  });

  test.each(['0.0.0.0/0', '::/0', '10.0.0.0/8,0.0.0.0/0', 'true', 'loopback', '10.0.0.0/33', '10.0.0.0/8,'])(
    'is refused as %j',
    (text) => {
      expect(() => trusted(text)).toThrow('TRUSTED_PROXIES');
    },
  );
});
