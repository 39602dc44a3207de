import { describe, expect, test } from '@jest/globals';
import { Enclave, Intel, Nras, sessionEvidence, type EvidenceQuestion } from '@orgn/evidence';
import type { SessionEvidence } from '../evidence/evidence.ts';
import { at, given, statusOf } from '../testing/made-sessions.ts';
import { verifySession } from './verify-session.ts';

const MINUTE = 60_000;
let clock = at;
const now = () => clock;
const intel = new Intel({ now });
const nras = new Nras(now);
const enclave = new Enclave({ intel, name: 'an application', model: 'a model', gpus: 2 });
const other = new Enclave({ intel, name: 'another application', model: 'a model', gpus: 2 });

/** Evidence of a machine at a time; its TLS key is that of a connection of before, where there was one. */
function evidenceAt(time: number, question: EvidenceQuestion = {}, from = enclave): SessionEvidence {
  clock = time;
  return sessionEvidence({ intel, nras, enclave: from }, question);
}

/** The same without what it shows of GPUs, which an earlier one does. */
function leased(later: SessionEvidence, gpus: NonNullable<SessionEvidence['gpus']>): SessionEvidence {
  const { nvidia_payload: _payload, ...report } = JSON.parse(later.report) as Record<string, unknown>;
  return { ...later, report: JSON.stringify({ ...report, nvidia_payload: '' }), nras: null, gpus };
}

async function verify(evidence: SessionEvidence, time: number) {
  return verifySession(evidence, { ...given, at: time });
}

describe('what GPUs proved', () => {
  const tlsKey = { tlsKey: 'of one connection' };
  const first = evidenceAt(at, tlsKey);

  test('counts for fifty minutes, for the same machine and key', async () => {
    for (const minutes of [5, 50]) {
      const time = at + minutes * MINUTE;
      const { verdict, facts } = await verify(leased(evidenceAt(time, tlsKey), { at, evidence: first }), time);
      expect([verdict.status, facts.gpus?.count]).toEqual(['verified', 2]);
    }
  });

  test.each<[string, () => [SessionEvidence, number]]>([
    ['after that', () => [leased(evidenceAt(at + 56 * MINUTE, tlsKey), { at, evidence: first }), at + 56 * MINUTE]],
    [
      'of another TLS key',
      () => [leased(evidenceAt(at + MINUTE, { tlsKey: 'of another' }), { at, evidence: first }), at + MINUTE],
    ],
    [
      'of another machine',
      () => [leased(evidenceAt(at + MINUTE, tlsKey, other), { at, evidence: first }), at + MINUTE],
    ],
    [
      'in a report that is not good',
      () => {
        const bad = evidenceAt(at, { ...tlsKey, fault: 'debug_td' });
        return [leased(evidenceAt(at + MINUTE, tlsKey), { at, evidence: bad }), at + MINUTE];
      },
    ],
    [
      'in a report that shows none itself',
      () => {
        const second = leased(evidenceAt(at + MINUTE, tlsKey), { at, evidence: first });
        return [leased(evidenceAt(at + 2 * MINUTE, tlsKey), { at: at + MINUTE, evidence: second }), at + 2 * MINUTE];
      },
    ],
  ])('does not count %s', async (_what, made) => {
    const verified = await verify(...made());
    expect(verified.verdict.status).not.toBe('verified');
    expect(statusOf(verified, 'gpu_nonce')).not.toBe('pass');
  });
});
