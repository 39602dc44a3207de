import { describe, expect, test } from '@jest/globals';
import { findFaults } from '@orgn/service-kit';
import { RouterConfig } from './config.ts';

const environment = {
  NODE_ENV: 'production',
  INSTANCE: 'inference-router-1',
  NATS_URL: 'nats://nats:4222',
  NATS_SEED: `SU${'A'.repeat(56)}`,
  INTERNAL_TLS: 'off',
  OPS_PORT: '9090',
  HTTP_PORT: '8090',
  ADVERTISED_URL: 'tcp://router:8090',
  MODELS_FILE: '/app/models.yaml',
  ADMISSION_KEYS: `a1:${'A'.repeat(43)}`,
};
const faults = (more: object) => findFaults(RouterConfig, { ...environment, ...more }).map(({ message }) => message);
const url = 'https://provider.example/v1';

describe('a provider in production', () => {
  test('may be missing, or has a URL and a key', () => {
    expect([faults({}), faults({ NEAR_BASE_URL: url, NEAR_API_KEY: 'k' }), faults({ LOCAL_BASE_URL: url })]).toEqual([
      [],
      [],
      [],
    ]);
    expect(faults({ NEAR_BASE_URL: url, VERCEL_API_KEY: 'k' })).toEqual([
      expect.stringContaining('add the line NEAR_API_KEY='),
      expect.stringContaining('add the line VERCEL_BASE_URL='),
    ]);
  });

  test('is asked over https, unless it is the operator’s own', () => {
    const plain = 'http://provider.example/v1';
    expect(faults({ PHALA_BASE_URL: plain, PHALA_API_KEY: 'k' })).toEqual([
      'PHALA_BASE_URL must be https in production',
    ]);
    expect(faults({ LOCAL_BASE_URL: plain, LOCAL_API_KEY: 'k' })).toEqual([]);
  });
});
