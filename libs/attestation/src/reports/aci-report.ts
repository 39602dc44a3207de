import { toHex, utf8 } from '../bytes/bytes.ts';
import { canonicalJson } from '../bytes/canonical-json.ts';
import { list, optionalText, record, text, type JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import { readEventLog } from '../events/event-log.ts';
import type { SigningKey } from '../evidence/facts.ts';
import { hex32 } from './binding.ts';
import { gpusOf, quoteBytes } from './proxy-report.ts';
import type { Report } from './report.ts';

const mostKeys = 64;

/** `sha256:` and the hex digest of a document's canonical JSON: how ACI names keysets and sessions. */
export const aciDigest = (document: unknown, crypto: Crypto): string =>
  `sha256:${toHex(crypto.sha256(utf8(canonicalJson(document))))}`;

function signerOf(value: unknown): SigningKey | null {
  const key = record(value, 'a key');
  if (key.algo !== 'ed25519') return null;
  const publicKey = hex32(text(key.public_key, 'public_key'), 'public_key');
  return { algorithm: 'ed25519', address: publicKey, publicKey };
}

const spkiOf = (value: unknown): string =>
  hex32(text(record(value, 'a key').spki_sha256, 'spki_sha256'), 'spki_sha256');

/** What a service of Confidential AI's API answers (`aci/1`, spec of August 2026). @throws Malformed */
export function readAciReport(report: JsonRecord, crypto: Crypto): Report {
  const attestation = record(report.attestation, 'attestation');
  if (attestation.tee_type !== undefined && attestation.tee_type !== 'tdx') throw new Malformed('another TEE than TDX');
  const keyset = record(attestation.workload_keyset, 'workload_keyset');
  const evidence = record(attestation.evidence, 'evidence');
  const log = evidence.event_log;
  return {
    form: 'aci',
    parts: [
      {
        role: 'node',
        quote: quoteBytes(evidence.quote),
        software:
          log === undefined || log === null
            ? null
            : {
                events: readEventLog(log),
                appCompose: optionalText(evidence.app_compose, 'app_compose'),
                composeHash: null,
              },
        binding: {
          kind: 'keyset',
          digest: aciDigest(keyset, crypto),
          stated: text(report.workload_keyset_digest, 'workload_keyset_digest'),
          signers: list(keyset.receipt_signing_keys, 'keys', mostKeys).flatMap((key) => signerOf(key) ?? []),
          spkiSha256s: list(keyset.tls_public_keys ?? [], 'keys', mostKeys).map(spkiOf),
        },
        gpus: gpusOf(evidence),
      },
    ],
    tlsCertificate: null,
  };
}
