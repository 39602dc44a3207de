import { describe, expect, test } from '@jest/globals';
import {
  attestationEnvironment,
  consoleEnvironment,
  keysWithoutUrl,
  modelsFile,
  paymentEnvironment,
  providerEnvironment,
  settingsFrom,
  signInEnvironment,
} from './environment.mjs';

describe('settingsFrom', () => {
  test('lets settings through', () => {
    const env = { PATH: '/bin', LOG_LEVEL: 'debug', MAX_BODY_BYTES: '10', MAX_STREAMS_PER_KEY: '9' };
    expect(settingsFrom(env)).toEqual(env);
  });

  test.each([
    'VERCEL_API_KEY',
    'NEAR_BASE_URL',
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_ACCESS_KEY_ID',
    'DATABASE_URL',
    'NATS_PASSWORD',
    'NATS_SEED',
    'PGPASSWORD',
    'PGHOST',
    'KEY_PEPPERS',
    'REASONING_KEYS',
    'ADMISSION_KEYS',
    'NODE_OPTIONS',
    'npm_config_registry',
  ])('keeps %s back', (name) => {
    expect(settingsFrom({ [name]: 'x' })).toEqual({});
  });

  test('an empty variable is none', () => {
    expect(settingsFrom({ LOG_LEVEL: '' })).toEqual({});
  });
});

describe('providerEnvironment', () => {
  test('points every provider to the simulator, but invents no operator-run one', () => {
    expect(providerEnvironment({}, { http: 9 })).toEqual({
      NEAR_BASE_URL: 'http://127.0.0.1:9/near/v1',
      NEAR_API_KEY: 'simulator',
      PHALA_BASE_URL: 'http://127.0.0.1:9/phala/v1',
      PHALA_API_KEY: 'simulator',
      VERCEL_BASE_URL: 'http://127.0.0.1:9/vercel/v1',
      VERCEL_API_KEY: 'simulator',
    });
  });

  test('leaves a provider alone that is pointed elsewhere, with its key', () => {
    const env = {
      VERCEL_BASE_URL: 'https://ai-gateway.vercel.sh/v1',
      VERCEL_API_KEY: 'k',
      LOCAL_BASE_URL: 'http://l/v1',
    };
    expect(providerEnvironment(env, { http: 9 })).toMatchObject(env);
    expect(providerEnvironment(env, { http: 9 })).not.toHaveProperty('LOCAL_API_KEY');
    expect(providerEnvironment(env, { http: 9 }).NEAR_BASE_URL).toBe('http://127.0.0.1:9/near/v1');
  });

  test('a real provider without a key does not get the simulator’s', () => {
    expect(providerEnvironment({ NEAR_BASE_URL: 'https://n/v1' }, { http: 9 })).not.toHaveProperty('NEAR_API_KEY');
  });

  test('a key alone changes the key only, which is worth a remark', () => {
    const env = { PHALA_API_KEY: 'k' };
    expect(providerEnvironment(env, { http: 9 })).toMatchObject({
      PHALA_BASE_URL: 'http://127.0.0.1:9/phala/v1',
      PHALA_API_KEY: 'k',
    });
    expect(keysWithoutUrl(env)).toEqual(['PHALA']);
  });
});

describe('simulated enclaves', () => {
  const ports = { http: 9, near: 10, phala: 11 };

  test('are reached by TLS, and attested under the development roots', () => {
    expect(providerEnvironment({}, ports)).toMatchObject({
      NEAR_BASE_URL: 'https://127.0.0.1:10/near/v1',
      PHALA_BASE_URL: 'https://127.0.0.1:11/phala/v1',
      VERCEL_BASE_URL: 'http://127.0.0.1:9/vercel/v1',
    });
    expect(attestationEnvironment({}, ports)).toEqual({
      PCS_URL: 'http://127.0.0.1:9',
      PCS_ROOT_CRL_URL: 'http://127.0.0.1:9/IntelSGXRootCA.der',
      NRAS_URL: 'http://127.0.0.1:9',
      ATTESTATION_DEVELOPMENT_ROOT: 'allow',
    });
  });

  test('beside a real one are reached in the clear, and no development root counts', () => {
    const env = { NEAR_BASE_URL: 'https://n/v1' };
    expect(providerEnvironment(env, ports).PHALA_BASE_URL).toBe('http://127.0.0.1:9/phala/v1');
    expect(attestationEnvironment(env, ports)).toEqual({});
  });
});

test('MODELS_FILE starts from the folder of the caller', () => {
  const places = { root: '/repo', cwd: '/home/me' };
  expect(modelsFile({}, places)).toBe('/repo/models.yaml');
  expect(modelsFile({ MODELS_FILE: 'm.yaml' }, places)).toBe('/home/me/m.yaml');
  expect(modelsFile({ MODELS_FILE: '/m.yaml' }, places)).toBe('/m.yaml');
});

describe('signInEnvironment', () => {
  const simulator = { issuer: 'http://localhost:9', secret: 's' };

  test('has people sign in at the simulator', () => {
    expect(signInEnvironment({ OIDC_CLIENT_ID: 'left over' }, simulator)).toEqual({
      OIDC_ISSUER: 'http://localhost:9',
      OIDC_CLIENT_ID: 'orgn-console',
      OIDC_CLIENT_SECRET: 's',
    });
  });

  test('takes another provider with its own client, and invents nothing for it', () => {
    const env = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'c' };
    expect(signInEnvironment(env, simulator)).toEqual(env);
    expect(signInEnvironment({ ...env, OIDC_CLIENT_SECRET: 'x' }, simulator)).toMatchObject({
      OIDC_CLIENT_SECRET: 'x',
    });
  });
});

test('consoleEnvironment passes the mail server and the key source on, when they are set', () => {
  expect(consoleEnvironment({ SMTP_URL: 'smtp://m', GITHUB_API_URL: '', GITHUB_TOKEN: 't' })).toEqual({
    SMTP_URL: 'smtp://m',
  });
});

describe('paymentEnvironment', () => {
  const standIn = { url: 'http://127.0.0.1:9', secretKey: 'sk_test_made', webhookSecret: 'whsec_made' };

  test('points metering to the stand-in', () => {
    const made = {
      STRIPE_SECRET_KEY: 'sk_test_made',
      STRIPE_WEBHOOK_SECRET: 'whsec_made',
      STRIPE_API_BASE: standIn.url,
    };
    expect(paymentEnvironment({}, standIn)).toEqual(made);
  });

  test('makes nothing up beside a real key', () => {
    const env = { STRIPE_SECRET_KEY: 'sk_test_real', STRIPE_WEBHOOK_SECRET_FILE: '/secret' };
    expect(paymentEnvironment(env, standIn)).toEqual(env);
  });
});
