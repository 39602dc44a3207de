import { describe, expect, test } from '@jest/globals';
import type { RequestId } from '@orgn/contracts';
import { mintTicket, noLimits, readReceipt } from '@orgn/service-kit';
import { makeAdmission } from '@orgn/testing';
import type { UsageMeteringConfig } from '../config.ts';
import { makeRequestId, testKeys } from '../usage/make.ts';
import { Proofs } from './proofs.ts';

const config = { ADMISSION_KEYS: testKeys } as UsageMeteringConfig;
const admissionOf = (requestId = makeRequestId() as RequestId) => makeAdmission({ ...noLimits, requestId });
const held = (requestId: RequestId, nanoUsd: bigint) => ({ requestId, nanoUsd, epoch: 1n, blocks: ['1', '2'] });

describe('what was found good for a hold', () => {
  test('is the same for the usage of its request, here and at a replica that has not seen it', () => {
    const proofs = new Proofs(config);
    const admission = admissionOf();
    const ticket = mintTicket(testKeys, admission, null);
    expect(proofs.admit(ticket)).toEqual(admission);
    const receipt = proofs.mint(held(admission.requestId, 5n));
    for (const replica of [proofs, new Proofs(config)]) {
      expect(replica.read(admission.requestId, ticket)).toEqual(admission);
      expect(replica.heldBy(admission.requestId, receipt)).toEqual(held(admission.requestId, 5n));
    }
    expect(readReceipt(testKeys, admission.requestId, receipt)).toEqual(held(admission.requestId, 5n));
  });

  test('lends nothing to other letters under the same request id, nor to another request', () => {
    const proofs = new Proofs(config);
    const [one, other] = [admissionOf(), admissionOf()];
    const tickets = [one, other].map((admission) => mintTicket(testKeys, admission, null)) as [string, string];
    for (const ticket of tickets) proofs.admit(ticket);
    const receipt = proofs.mint(held(one.requestId, 5n));
    const forged = tickets[0].replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect([proofs.admit(forged), proofs.read(one.requestId, forged)]).toEqual(['forged', 'forged']);
    expect(proofs.read(one.requestId, tickets[1])).toEqual(other);
    expect(proofs.heldBy(other.requestId, receipt)).toBeUndefined();
    expect(proofs.heldBy(one.requestId, receipt.replace('5', '6'))).toBeUndefined();
    expect(proofs.read(one.requestId, tickets[0])).toEqual(one);
  });

  test('is forgotten when others came, and then proven anew', () => {
    const proofs = new Proofs(config);
    const admission = admissionOf();
    const ticket = mintTicket(testKeys, admission, null);
    proofs.admit(ticket);
    const receipt = proofs.mint(held(admission.requestId, 5n));
    for (let each = 0; each < 4_200; each += 1) proofs.admit(mintTicket(testKeys, admissionOf(), null));
    expect(proofs.read(admission.requestId, ticket)).toEqual(admission);
    expect(proofs.heldBy(admission.requestId, receipt)).toEqual(held(admission.requestId, 5n));
  });
});
