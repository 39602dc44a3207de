import { fromBase64 } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';

const begin = '-----BEGIN CERTIFICATE-----';
const end = '-----END CERTIFICATE-----';

/**
 * The DER of each certificate of a PEM text, in its order. Intel sends chains URL-encoded in headers; that is taken too.
 * @throws Malformed for none, for more than `most`, and for a certificate that has no end.
 */
export function certificatesOfPem(pem: string, most = 12): Uint8Array[] {
  const text = pem.startsWith('-----BEGIN%20') ? decoded(pem) : pem;
  const found: Uint8Array[] = [];
  for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at)) {
    if (found.length === most) throw new Malformed('a chain of too many certificates');
    const until = text.indexOf(end, at);
    if (until < 0) throw new Malformed('a certificate without an end');
    found.push(fromBase64(text.slice(at + begin.length, until)));
    at = until + end.length;
  }
  if (found.length === 0) throw new Malformed('a chain without certificates');
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Malformed('a chain that is no text');
  }
}
