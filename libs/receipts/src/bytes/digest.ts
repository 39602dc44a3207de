import { canonicalJson, toHex, utf8, type Crypto } from '@orgn/attestation';

/** `sha256:` and the hex digest of bytes. */
export const digestOf = (bytes: Uint8Array, crypto: Crypto): string => `sha256:${toHex(crypto.sha256(bytes))}`;

/** The same of a value's canonical JSON (RFC 8785). */
export const digestOfJson = (value: unknown, crypto: Crypto): string => digestOf(utf8(canonicalJson(value)), crypto);
