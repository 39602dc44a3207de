import { describe, expect, test } from '@jest/globals';
import type { CataloguedModel } from '../catalogue/catalogue.service.ts';
import type { RouterConfig } from '../config.ts';
import { AttestationGate } from './attestation.gate.ts';
import type { SessionsService } from './sessions.service.ts';

/** A gate before providers of which none can be attested, as they are spoken to in the clear. */
const inTheClear = { isAttestable: () => false } as unknown as SessionsService;
const gateIn = (NODE_ENV: string) => new AttestationGate({ NODE_ENV } as RouterConfig, inTheClear);
const model = (execution: string) => ({ execution, provider: 'near' }) as CataloguedModel;
const tee = { isGpu: false, isInstance: false, tcb: null };

describe('the attestation gate', () => {
  test('lets nothing go in production to an enclave that cannot be verified', async () => {
    const refusal = { code: 'attestation_failed', checks: [{ id: 'report_form', status: 'unknown' }] };
    await expect(gateIn('production').admit(model('tee'))).rejects.toMatchObject(refusal);
    await expect(gateIn('production').require(model('tee'))).rejects.toMatchObject(refusal);
  });

  test('calls an enclave that nobody checked unknown, never verified', async () => {
    expect(await gateIn('development').admit(model('tee'), tee)).toEqual({ status: 'unknown', lease: undefined });
  });

  test.each([{ isGpu: true }, { isInstance: true }, { tcb: 'UpToDate' }])(
    'takes nothing unknown for a request that demands %j',
    async (demand) => {
      const refusal = gateIn('development').admit(model('tee'), { ...tee, ...demand });
      await expect(refusal).rejects.toMatchObject({ code: 'attestation_failed' });
    },
  );

  test.each(['development', 'production'])('says nothing of a model that claims no enclave, in %s', async (mode) => {
    for (const execution of ['zdr', 'operator']) expect(await gateIn(mode).admit(model(execution))).toBeUndefined();
  });
});
