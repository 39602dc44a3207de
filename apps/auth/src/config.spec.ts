import { describe, expect, test } from '@jest/globals';
import { readConfig } from '@orgn/service-kit';
import { AuthConfig } from './config.ts';

const environment = {
  NODE_ENV: 'production',
  INSTANCE: 'auth-1',
  NATS_URL: 'nats://nats:4222',
  NATS_SEED: `SU${'A'.repeat(56)}`,
  OPS_PORT: '9090',
  INTERNAL_TLS: 'off',
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

describe('who may come in', () => {
  const read = (settings: object) => readConfig(AuthConfig, { ...environment, ...settings });

  test('by their domain is said with the domains, as DNS knows them', () => {
    const { SIGN_UP_DOMAINS } = read({ SIGN_UP: 'domains', SIGN_UP_DOMAINS: 'Example.com, bücher.example' });
    expect(SIGN_UP_DOMAINS).toEqual(['example.com', 'xn--bcher-kva.example']);
    expect(() => read({ SIGN_UP: 'domains' })).toThrow('the line SIGN_UP_DOMAINS=');
  });

  test.each(['*', 'com', '.example.com', 'a@example.com', '*.example.com', 'example.com/', '10.0.0.1'])(
    'is never everybody by accident: %s is no domain',
    (SIGN_UP_DOMAINS) => {
      expect(() => read({ SIGN_UP: 'domains', SIGN_UP_DOMAINS })).toThrow('SIGN_UP_DOMAINS must be domains');
    },
  );
});

describe('mail in production', () => {
  const faults = (settings: object) => {
    try {
      readConfig(AuthConfig, { ...environment, ...settings });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('may be missing, and else has a server and a sender', () => {
    expect(faults({})).toBe('');
    expect(faults({ SMTP_URL: 'smtp://u:p@mail.example', MAIL_FROM: 'G <g@example.com>' })).toBe('');
    expect(faults({ SMTP_URL: 'smtp://u:p@mail.example' })).toContain('add the line MAIL_FROM=');
    expect(faults({ MAIL_FROM: 'G <g@example.com>' })).toContain('add the line SMTP_URL=');
  });

  test('and everything else that is wrong is said at once', () => {
    const all = faults({
      CONSOLE_URL: 'http://c.example',
      OIDC_CLIENT_ID: '',
      SIGN_UP: 'domains',
      TRUSTED_PROXIES: '',
    });
    for (const name of ['CONSOLE_URL must be https', 'OIDC_CLIENT_ID is not set', 'SIGN_UP_DOMAINS', 'TRUSTED_PROXIES'])
      expect(all).toContain(name);
  });
});

test('in development http will do', () => {
  const plain = { CONSOLE_URL: 'http://localhost:8081', OIDC_ISSUER: 'http://localhost:8082' };
  expect(readConfig(AuthConfig, { ...environment, NODE_ENV: 'development', ...plain })).toMatchObject(plain);
});

test('nobody signs in without OpenID', () => {
  expect(() => readConfig(AuthConfig, { ...environment, OIDC_SCOPES: 'email profile' })).toThrow('must contain openid');
});
