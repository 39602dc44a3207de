import { concat, equalBytes, fromHex, toHex, utf8, type Bytes } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import type { SigningKey } from '../evidence/facts.ts';

/** What a report says that its quote's 64 bytes of report data are made of. */
export type Binding =
  | {
      readonly kind: 'address';
      readonly signer: SigningKey;
      readonly spkiSha256: string | null;
      readonly nonce: string | null;
    }
  | {
      readonly kind: 'keyset';
      readonly digest: string;
      readonly stated: string;
      readonly signers: readonly SigningKey[];
      readonly spkiSha256s: readonly string[];
    }
  | { readonly kind: 'chutes'; readonly nonce: string; readonly publicKey: string }
  | {
      readonly kind: 'tinfoil';
      readonly spkiSha256: string;
      readonly hpkeKey: string;
      readonly nonce: string;
      readonly gpuHash: { readonly stated: string; readonly computed: string };
      /** Of the evidence of switches, which we do not look at. */
      readonly switchHash: string | null;
    }
  | { readonly kind: 'none' };

export interface Bound {
  readonly checks: readonly Check[];
  readonly signers: readonly SigningKey[];
  /** SHA-256 (hex) of the TLS keys that the quote names. */
  readonly spkiSha256s: readonly string[];
}

interface Given {
  readonly reportData: Bytes;
  /** The nonce that we sent, hex. */
  readonly nonce: string;
  readonly crypto: Crypto;
}

const proven = 'hardware_proven';
const noTls = 'the quote names no TLS key';
const otherNonce = 'the quote carries another nonce than ours';

/** 32 bytes with what is shorter at their front. */
const padded = (bytes: Uint8Array): Bytes => concat(bytes, new Uint8Array(Math.max(0, 32 - bytes.length)));

const nonceCheck = (fault: string | null): Check => judged('nonce_bound', proven, fault, 'the quote carries our nonce');

/** What the report data of a quote prove, form by form. @throws Malformed */
export function bind(binding: Binding, given: Given): Bound {
  switch (binding.kind) {
    case 'address':
      return bindAddress(binding, given);
    case 'keyset':
      return bindKeyset(binding, given);
    case 'chutes':
      return bindChutes(binding, given);
    case 'tinfoil':
      return bindTinfoil(binding, given);
    case 'none':
      return bindNothing(given);
  }
}

type Of<K extends Binding['kind']> = Extract<Binding, { kind: K }>;

/** The signer's address alone, or hashed together with the TLS key; then the nonce as it is. */
function bindAddress(binding: Of<'address'>, given: Given): Bound {
  const { signer, spkiSha256, nonce } = binding;
  const named = namesIn(binding, given);
  const fault = named === 'neither' ? 'the quote names another key than the report' : keyFault(signer, given.crypto);
  const isOurs = [toHex(given.reportData.subarray(32)), nonce ?? given.nonce].every((one) => one === given.nonce);
  const spkiSha256s = spkiSha256 === null ? [] : [spkiSha256];
  return {
    checks: [
      judged('signer_bound', proven, fault, `${signer.algorithm} ${signer.address}`),
      nonceCheck(isOurs ? null : otherNonce),
      ...tlsCheck(spkiSha256s, named === 'both' ? null : noTls),
    ],
    signers: fault === null ? [signer] : [],
    spkiSha256s: named === 'both' ? spkiSha256s : [],
  };
}

function namesIn({ signer, spkiSha256 }: Of<'address'>, given: Given): 'both' | 'signer' | 'neither' {
  const first = given.reportData.subarray(0, 32);
  const address = fromHex(signer.address);
  const both = spkiSha256 === null ? null : given.crypto.sha256(concat(address, fromHex(spkiSha256)));
  if (both !== null && equalBytes(both, first)) return 'both';
  return equalBytes(padded(address), first) ? 'signer' : 'neither';
}

/** Whether the quote names the TLS keys that its report does; unknown where the report names none. */
const tlsCheck = (spkiSha256s: readonly string[], fault: string | null): Check[] =>
  spkiSha256s.length === 0
    ? notMade(['tls_bound'], noTls)
    : [judged('tls_bound', proven, fault, `the quote names the TLS key ${spkiSha256s.join(', ')}`)];

/** A public key that is shown must be the one that the address is of. */
function keyFault({ algorithm, address, publicKey }: SigningKey, crypto: Crypto): string | null {
  if (publicKey === null) return null;
  const key = fromHex(publicKey);
  const of = algorithm === 'ed25519' ? toHex(key) : toHex(crypto.keccak256(key.subarray(1)).subarray(12));
  return of === address ? null : "the report's public key is not that of its address";
}

/** The 64 bytes that ACI puts into a quote: the hash of a text that names the digest of all keys and the nonce. */
export function aciReportData(digest: string, nonce: string | null, crypto: Crypto): Bytes {
  const named = `"keyset_digest":${JSON.stringify(digest)},"nonce":${JSON.stringify(nonce)}`;
  return concat(crypto.sha256(utf8(`{${named},"purpose":"aci.report_data.v1"}`)), new Uint8Array(32));
}

/** ACI: SHA-256 of a text that names the digest of all keys and the nonce. */
function bindKeyset({ digest, stated, signers, spkiSha256s }: Of<'keyset'>, given: Given): Bound {
  const isOf = (nonce: string | null): boolean =>
    equalBytes(aciReportData(digest, nonce, given.crypto), given.reportData);
  const isOurs = isOf(given.nonce);
  const isNamed = digest === stated && (isOurs || isOf(null));
  const fault = isNamed ? null : 'the quote names other keys than the report, or another nonce';
  return {
    checks: [
      judged('signer_bound', proven, fault, `keys with digest ${digest}`),
      nonceCheck(isOurs ? null : otherNonce),
      ...tlsCheck(spkiSha256s, fault),
    ],
    signers: isNamed ? signers : [],
    spkiSha256s: isNamed ? spkiSha256s : [],
  };
}

/** Chutes: SHA-256 of the nonce's text and the encryption key's; nothing of it signs, and TLS ends elsewhere. */
function bindChutes({ nonce, publicKey }: Of<'chutes'>, given: Given): Bound {
  const isNamed = equalBytes(given.crypto.sha256(utf8(nonce + publicKey)), given.reportData.subarray(0, 32));
  const fault = !isNamed
    ? 'the quote names another nonce or key than the report'
    : nonce === given.nonce
      ? null
      : 'the nonce is of another than us';
  return {
    checks: [nonceCheck(fault), ...notMade(['signer_bound', 'tls_bound'], 'the quote names an encryption key alone')],
    signers: [],
    spkiSha256s: [],
  };
}

/** Tinfoil v3: SHA-256 of TLS key, HPKE key, nonce and the hashes of the evidence of GPUs and switches. */
function bindTinfoil(binding: Of<'tinfoil'>, given: Given): Bound {
  const { spkiSha256, hpkeKey, nonce, gpuHash, switchHash } = binding;
  const hashes = [gpuHash.stated, ...(switchHash === null ? [] : [switchHash])];
  const whole = concat(...[spkiSha256, hpkeKey, nonce, ...hashes].map(fromHex));
  const isNamed = equalBytes(given.crypto.sha256(whole), given.reportData.subarray(0, 32));
  const isEvidence = gpuHash.stated === gpuHash.computed;
  const fault = !isNamed
    ? 'the quote names other keys'
    : isEvidence
      ? null
      : "the evidence has another hash than the quote's";
  const nonceFault = fault ?? (nonce === given.nonce ? null : 'the nonce is of another than us');
  return {
    checks: [
      nonceCheck(nonceFault),
      judged('tls_bound', proven, fault, `the quote names the TLS key ${spkiSha256}`),
      ...notMade(['signer_bound'], 'nothing signs answers'),
    ],
    signers: [],
    spkiSha256s: fault === null ? [spkiSha256] : [],
  };
}

/** A bare quote says nothing of what its report data are for; the nonce is looked for in both halves. */
function bindNothing({ reportData, nonce }: Given): Bound {
  const halves = [reportData.subarray(0, 32), reportData.subarray(32)].map(toHex);
  const checks = halves.includes(nonce)
    ? [nonceCheck(null)]
    : notMade(['nonce_bound'], 'the quote is not about a nonce');
  return {
    checks: [...checks, ...notMade(['signer_bound', 'tls_bound'], 'the quote names no key')],
    signers: [],
    spkiSha256s: [],
  };
}

/** 32 bytes in lower-case hex, as nonces and digests are written. @throws Malformed */
export function hex32(text: string, what: string): string {
  const bytes = fromHex(text);
  if (bytes.length !== 32) throw new Malformed(`${what} is not 32 bytes`);
  return toHex(bytes);
}
