import { describe, expect, test } from '@jest/globals';
import type { CataloguedModel } from '../catalogue/catalogue.service.ts';
import type { RouterConfig } from '../config.ts';
import { AttestationGate } from './attestation.gate.ts';

const gateIn = (NODE_ENV: string) => new AttestationGate({ NODE_ENV } as RouterConfig);
const model = (execution: string) => ({ execution }) as CataloguedModel;

describe('the attestation gate', () => {
  test('lets nothing go to an enclave in production, since none can be verified yet', async () => {
    await expect(gateIn('production').admit(model('tee'))).rejects.toMatchObject({ code: 'attestation_failed' });
  });

  test('calls an enclave that nobody checked unknown, never verified', async () => {
    expect(await gateIn('development').admit(model('tee'))).toBe('unknown');
  });

  test.each(['zdr', 'operator'])('has nothing to say about %s models', async (execution) => {
    expect(await gateIn('production').admit(model(execution))).toBeUndefined();
  });
});
