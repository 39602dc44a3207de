import { describe, expect, test } from '@jest/globals';
import { faultNames, refusedBy, type EvidenceQuestion, type Fault } from '@orgn/evidence';
import type { CheckId } from '../checks/check-ids.ts';
import { webCrypto } from '../crypto/web-crypto.ts';
import type { Verification } from '../policy/verification.ts';
import { productionRoots } from '../roots/production-roots.ts';
import { evidenceOf, given, statusOf } from '../testing/made-sessions.ts';
import { verifySession } from './verify-session.ts';

const verify = (question: EvidenceQuestion, more: Partial<Verification> = {}, version: 4 | 5 = 4) =>
  verifySession(evidenceOf(question, version), { ...given, ...more });

const ofOthers: Fault[] = [
  'second_instance_behind_the_same_key',
  'empty_digests',
  'signature_missing',
  'signature_late',
  'signature_for_other_bytes',
  'new_software',
];

describe('evidence', () => {
  test.each(['near', 'phala', 'aci'] as const)('that is good is verified, in the form of %s', async (form) => {
    const verified = await verify({ form });
    expect(verified.verdict).toMatchObject({ status: 'verified', failed: [], unknown: [] });
    expect(verified.facts.developmentRoot).toBe(true);
    expect(verified.facts.signers.length).toBeGreaterThan(0);
  });

  test('of version 5, or with the other algorithm, is verified too', async () => {
    expect((await verify({}, {}, 5)).verdict.status).toBe('verified');
    expect((await verify({ algorithm: 'ed25519' })).verdict.status).toBe('verified');
  });

  test('under a development root is refused where nobody allows one', async () => {
    const { checks, verdict, facts } = await verify({}, { roots: productionRoots });
    expect(verdict.status).toBe('failed');
    expect(checks.filter(({ status }) => status === 'fail').map(({ id }) => id)).toEqual(
      expect.arrayContaining(['pck_chain', 'gpu_evidence']),
    );
    expect(facts.roots).toEqual([]);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('at the time %d is good for nothing', async (at) => {
    expect((await verify({}, { at })).verdict.failed).toEqual(['report_form']);
  });

  test('is of every fault that is known', () => {
    expect([...Object.keys(refusedBy), ...ofOthers].toSorted()).toEqual([...faultNames].toSorted());
  });

  test.each(Object.entries(refusedBy) as [Fault, CheckId][])('with %s fails by %s', async (fault, id) => {
    const verified = await verify({ fault });
    expect(statusOf(verified, id)).toBe('fail');
    expect(verified.verdict.status).toBe('failed');
    expect(verified.verdict.failed).toContain(id);
  });

  test('whose own events state no digest is verified, since the digest follows from what they say', async () => {
    expect((await verify({ fault: 'empty_digests' })).verdict.status).toBe('verified');
  });

  test('without a TLS key is not enough for a connection', async () => {
    const { verdict } = await verify({ isTlsBound: false });
    expect(verdict).toMatchObject({ status: 'unknown', unknown: ['tls_bound', 'tls_spki'] });
  });

  test('is judged alike in browsers and in Node', async () => {
    for (const fault of [undefined, ...faultNames]) {
      const evidence = evidenceOf({ fault });
      expect(await verifySession(evidence, given)).toEqual(
        await verifySession(evidence, { ...given, crypto: webCrypto }),
      );
    }
  });
});
