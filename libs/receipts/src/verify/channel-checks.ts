import { judged, notMade, type Check, type SessionFacts } from '@orgn/attestation';
import type { Receipt } from '../form/receipt.ts';
import type { ReceiptCheck } from './receipt-checks.ts';

/** No router lets a verification count for longer. */
const MOST_AGE_MS = 3_600_000;

const its = 'operator_asserted';

/**
 * What the receipt says of the connection and its times, as far as that agrees with the evidence: the word of who signed it. Of an
 * instance, and of the time afterwards, there is a check where something is known.
 */
export function channelChecks({ orgn }: Receipt, facts: SessionFacts, after: ReceiptCheck): Check[] {
  return [keyCheck(orgn, facts), ...instanceChecks(orgn), freshnessCheck(orgn), ...bracketChecks(after)];
}

function keyCheck({ channel, spki_sha256: key }: Receipt['orgn'], { tlsSpkiSha256 }: SessionFacts): Check {
  if (channel === null || key === null) return open('key_attested', 'the receipt names no connection');
  const fault = key === tlsSpkiSha256 ? null : 'the connection ended in another key than was attested';
  return judged('key_attested', its, fault, key);
}

function instanceChecks({ channel }: Receipt['orgn']): Check[] {
  if (channel !== 'instance_attested') return [];
  return [judged('instance_attested', its, null, 'its attestation came over that very connection')];
}

function freshnessCheck({ session, times }: Receipt['orgn']): Check {
  if (session === null) return open('session_fresh', 'the receipt names no verification');
  const age = times.received - session.verified_at;
  const fault =
    session.verified_at > times.answered
      ? 'the enclave was verified after it had answered'
      : age > MOST_AGE_MS
        ? 'the verification was more than an hour old'
        : null;
  return judged('session_fresh', its, fault, `${Math.max(0, Math.round(age / 1_000))} s old`);
}

function bracketChecks({ status, detail }: ReceiptCheck): Check[] {
  if (status === 'unknown') return [];
  return [
    judged('session_bracket', 'verifier_derived', status === 'fail' ? detail : null, 'the same before and after'),
  ];
}

const open = (id: Check['id'], why: string): Check => notMade([id], why)[0] as Check;
