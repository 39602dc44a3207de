import { Malformed } from '../bytes/malformed.ts';

/** What a provider signs of an answer: hashes in lower-case hex. The model is null in the form of two parts. */
export interface SignedText {
  readonly model: string | null;
  readonly requestHash: string;
  readonly responseHash: string;
}

const longest = 2048;
const hash = /^[0-9a-f]{64}$/;

/** `model:request:response` or `request:response`, split from the right, since models may have colons. @throws Malformed */
export function readSignedText(text: string): SignedText {
  if (text.length > longest) throw new Malformed('a signed text that is too long');
  const parts = text.split(':');
  const [responseHash = '', requestHash = ''] = parts.toReversed();
  if (!hash.test(responseHash) || !hash.test(requestHash)) throw new Malformed('a signed text without two hashes');
  return { model: parts.length > 2 ? parts.slice(0, -2).join(':') : null, requestHash, responseHash };
}
