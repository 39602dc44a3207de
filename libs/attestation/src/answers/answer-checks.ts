import { Malformed } from '../bytes/malformed.ts';
import type { CheckId } from '../checks/check-ids.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import type { SignedAnswer } from '../evidence/evidence.ts';
import type { SigningKey } from '../evidence/facts.ts';
import { readSignedText, type SignedText } from './signed-text.ts';
import { isTextSignedBy, statedSigner } from './signer.ts';

/** What we know of an exchange ourselves: SHA-256 (lower-case hex) of the very bytes on the wire. */
export interface Exchange {
  readonly requestHash: string;
  readonly responseHash: string;
  /** The model as the provider was asked for it; null when it is not known. */
  readonly model: string | null;
}

const later: readonly CheckId[] = [
  'response_signature',
  'signer_attested',
  'request_hash',
  'response_hash',
  'signed_model',
];
const proven = 'hardware_proven';

/**
 * What the provider's signature proves of an answer.
 * @param answer null when the provider has not signed, or not yet
 * @param signers the keys that the verified quote names
 */
export async function answerChecks(
  answer: SignedAnswer | null,
  exchange: Exchange,
  signers: readonly SigningKey[],
  crypto: Crypto,
): Promise<Check[]> {
  if (answer === null) return notMade(['signature_present', ...later], 'the provider has signed nothing');
  try {
    const text = readSignedText(answer.text);
    const stated = statedSigner(answer);
    const attested = signers.find((key) => key.algorithm === stated.algorithm && key.address === stated.address);
    const isSigned = await isTextSignedBy(answer, attested ?? { ...stated, publicKey: null }, crypto);
    const foreign = attested ? null : 'the signer is not the key that the quote names';
    return [
      judged('signature_present', 'provider_asserted', null, stated.algorithm),
      judged('response_signature', proven, isSigned ? null : 'the signature is not good', `by ${stated.address}`),
      judged('signer_attested', proven, foreign, `the quote names ${stated.address}`),
      ...hashChecks(text, exchange),
    ];
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    const present = judged('signature_present', 'provider_asserted', `it cannot be read: ${error.message}`, '');
    return [present, ...notMade(later, 'the signature cannot be read')];
  }
}

function hashChecks(text: SignedText, { requestHash, responseHash, model }: Exchange): Check[] {
  const request = text.requestHash === requestHash ? null : 'another request was signed than the one that we sent';
  const response =
    text.responseHash === responseHash ? null : 'another answer was signed than the one that we received';
  const other = text.model === model ? null : 'the answer of another model was signed';
  const named =
    text.model === null || model === null
      ? notMade(['signed_model'], 'the signed text names no model')
      : [judged('signed_model', proven, other, text.model)];
  return [
    judged('request_hash', proven, request, requestHash),
    judged('response_hash', proven, response, responseHash),
    ...named,
  ];
}
