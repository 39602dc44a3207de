import { describe, expect, jest, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
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

  test.each(['development', 'production'])(
    'asks of an enclave whether it stands, and of nothing else, in %s',
    async (mode) => {
      const fallen = new ServiceError('attestation_failed', 'It does not stand.');
      const require = jest.fn<SessionsService['require']>().mockRejectedValue(fallen);
      const sessions = { isAttestable: () => true, require } as unknown as SessionsService;
      const gate = new AttestationGate({ NODE_ENV: mode } as RouterConfig, sessions);
      await expect(gate.require(model('tee'), tee)).rejects.toBe(fallen);
      expect(require.mock.calls).toEqual([['near', tee]]);
      for (const execution of ['zdr', 'operator']) await gate.require(model(execution));
      expect(require).toHaveBeenCalledTimes(1);
    },
  );

  test('in development asks nobody about an enclave that nobody can be asked about', async () => {
    await expect(gateIn('development').require(model('tee'))).resolves.toBeUndefined();
  });

  test.each(['development', 'production'])('says nothing of a model that claims no enclave, in %s', async (mode) => {
    for (const execution of ['zdr', 'operator']) expect(await gateIn(mode).admit(model(execution))).toBeUndefined();
  });
});
