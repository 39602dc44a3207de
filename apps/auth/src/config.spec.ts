import { describe, expect, test } from '@jest/globals';
import { readConfig } from '@orgn/service-kit';
import { AuthConfig } from './config.ts';

const environment = {
  NODE_ENV: 'production',
  INSTANCE: 'auth-1',
  NATS_URL: 'nats://nats:4222',
  NATS_SEED: `SU${'A'.repeat(56)}`,
  OPS_PORT: '9090',
  DATABASE_URL: 'postgresql://auth:secret@postgres/orgn',
  HTTP_PORT: '8081',
  TRUSTED_PROXIES: 'none',
  CONSOLE_URL: 'https://console.example/',
  OIDC_ISSUER: 'https://id.example',
  OIDC_CLIENT_ID: 'orgn-console',
  OIDC_CLIENT_SECRET: 'a-secret-of-this-test',
};

describe('in production', () => {
  test('the console is known by its origin', () => {
    expect(readConfig(AuthConfig, environment).CONSOLE_URL).toBe('https://console.example');
  });

  test.each(['CONSOLE_URL', 'OIDC_ISSUER'])('%s must be https', (name) => {
    expect(() => readConfig(AuthConfig, { ...environment, [name]: 'http://localhost:8081' })).toThrow(
      `${name} must be https in production`,
    );
  });
});

test('whose word on addresses is believed is said as at the gateway', () => {
  for (const all of ['0.0.0.0/0', 'anything', '0.0.0.0/1,128.0.0.0/1']) {
    expect(() => readConfig(AuthConfig, { ...environment, TRUSTED_PROXIES: all })).toThrow('TRUSTED_PROXIES must be');
  }
  expect(() => readConfig(AuthConfig, { ...environment, TRUSTED_PROXIES: '' })).toThrow(
    'the line TRUSTED_PROXIES=none',
  );
});

test('in development http will do', () => {
  const plain = { CONSOLE_URL: 'http://localhost:8081', OIDC_ISSUER: 'http://localhost:8082' };
  expect(readConfig(AuthConfig, { ...environment, NODE_ENV: 'development', ...plain })).toMatchObject(plain);
});

test('nobody signs in without OpenID', () => {
  expect(() => readConfig(AuthConfig, { ...environment, OIDC_SCOPES: 'email profile' })).toThrow('must contain openid');
});
