import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { strictPolicy } from '@orgn/attestation';
import type { RouterConfig } from '../config.ts';
import { Policies } from './policies.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgn-policies-'));
afterAll(() => rmSync(folder, { recursive: true }));

function policiesOf(file?: object): Policies {
  const path = join(folder, 'attestation.json');
  if (file) writeFileSync(path, JSON.stringify(file));
  return new Policies((file ? { ATTESTATION_POLICY: path } : {}) as RouterConfig);
}

describe('what a deployment demands of enclaves', () => {
  test('is all there is, and pins nothing, where it says nothing', () => {
    const policies = policiesOf();
    expect(policies.policyFor('near')).toEqual(strictPolicy);
    expect([policies.isPinned('near'), policies.demandsInstance('near')]).toEqual([false, false]);
  });

  test('may be an instance that was attested itself, which no report is judged by', () => {
    const policies = policiesOf({ near: { require: [...strictPolicy.require, 'instance_attested', 'session_fresh'] } });
    expect([policies.demandsInstance('near'), policies.demandsInstance('phala')]).toEqual([true, false]);
    expect(policies.policyFor('near')).toEqual(strictPolicy);
  });

  test('pins software where it names some', () => {
    const policies = policiesOf({ near: { measurements: [{ name: 'June', composeHash: 'ab' }] } });
    policies.decide('phala', { approved: [{ name: 'approved' }], refused: [] });
    expect([policies.isPinned('near'), policies.isPinned('phala')]).toEqual([true, false]);
  });

  test.each(['response_hash', 'session_bracket', 'no_such_check'])(
    'is not %s, and a router says so as it starts',
    (id) => {
      expect(() => policiesOf({ default: { require: [id] } })).toThrow(/ATTESTATION_POLICY .*default\.require\.0/);
    },
  );
});
