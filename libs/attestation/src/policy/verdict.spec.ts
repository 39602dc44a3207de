import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { checkIds } from '../checks/check-ids.ts';
import { worstOf, type Check } from '../checks/check.ts';
import type { AttestationPolicy } from './policy.ts';
import { verdictOf } from './verdict.ts';

const policyOf = (require: AttestationPolicy['require']): AttestationPolicy => ({
  format: 1,
  require,
  forms: [],
  tcbStatuses: ['UpToDate'],
  advisories: null,
  minimumTcbEvaluation: 0,
  tdAttributes: [],
  xfams: null,
  gpus: { minimum: 0, exactly: null },
  measurements: [],
});
const check = fc.record<Check>({
  id: fc.constantFrom(...checkIds.slice(0, 4)),
  status: fc.constantFrom('pass', 'fail', 'unknown'),
  source: fc.constantFrom('hardware_proven', 'verifier_derived', 'provider_asserted', 'operator_asserted'),
  detail: fc.constant(''),
});
const required = fc.uniqueArray(fc.constantFrom(...checkIds.slice(0, 4)));

describe('a verdict', () => {
  test('is verified only when every required check was made and passed for everybody', () => {
    fc.assert(
      fc.property(fc.array(check), required, (checks, require) => {
        const { status } = verdictOf(checks, policyOf(require), 'sha256:');
        const good = require.every((id) => {
          const made = checks.filter((one) => one.id === id);
          return made.length > 0 && made.every((one) => one.status === 'pass');
        });
        expect(status === 'verified').toBe(good);
      }),
    );
  });

  test('is the same in whatever order checks come, and of their worst alone', () => {
    fc.assert(
      fc.property(fc.array(check), required, (checks, require) => {
        const verdict = verdictOf(checks, policyOf(require), 'sha256:');
        expect(verdictOf(checks.toReversed(), policyOf(require), 'sha256:')).toEqual(verdict);
        expect(verdictOf(worstOf(checks), policyOf(require), 'sha256:')).toEqual(verdict);
      }),
    );
  });

  test('says failed before it says unknown', () => {
    const made: Check[] = [{ id: 'tcb_level', status: 'fail', source: 'hardware_proven', detail: '' }];
    expect(verdictOf(made, policyOf(['gpu_count', 'tcb_level']), 'sha256:')).toMatchObject({
      status: 'failed',
      failed: ['tcb_level'],
      unknown: ['gpu_count'],
    });
  });
});
