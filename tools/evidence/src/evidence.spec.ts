import { createPublicKey, hash, verify, X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import qvl from '@phala/dcap-qvl';
import { replay, type LogEvent } from './dstack/event-log.ts';
import { Enclave } from './enclave/enclave.ts';
import { faultNames, type Fault } from './faults.ts';
import { collateralOf } from './intel/collateral.ts';
import { Intel } from './intel/intel.ts';
import { collateralFaultsOf } from './makers-faults.ts';
import { Nras, type NvidiaPayload } from './nvidia/nras.ts';
import { developmentRoots } from './roots/development-roots.ts';
import { sessionEvidence, type EvidenceQuestion } from './session-evidence.ts';

const now = () => Date.parse('2026-03-01T00:00:00Z');
const intel = new Intel({ now });
const parts = { intel, nras: new Nras(now), enclave: new Enclave({ intel, name: 'a', model: 'm', gpus: 2 }) };
const root = (name: keyof typeof developmentRoots) => Buffer.from(developmentRoots[name], 'base64');
const accept = (quote: Buffer, fault?: Fault) =>
  qvl.QuoteVerifier.newWithRootCa(root('intel')).verify(
    quote,
    collateralOf(intel, collateralFaultsOf(fault)),
    now() / 1_000,
  ).status;
const verdict = (quote: Buffer, fault?: Fault) => {
  try {
    return accept(quote, fault);
  } catch {
    return 'refused';
  }
};

interface Report {
  intel_quote: string;
  nvidia_payload: string;
  signing_address: string;
  event_log: LogEvent[];
  info: { compose_hash: string; tcb_info: { app_compose: string } };
}
const reportOf = (question: EvidenceQuestion = {}) => {
  const evidence = sessionEvidence(parts, question);
  return { ...evidence, report: JSON.parse(evidence.report) as Report };
};
const quoteOf = (question: EvidenceQuestion = {}) => Buffer.from(reportOf(question).report.intel_quote, 'hex');
const reportData = (quote: Buffer) => quote.subarray(48 + 520, 48 + 584);
const chainOf = (pem: string) => pem.split(/(?<=-----END CERTIFICATE-----\n)/).map((one) => new X509Certificate(one));

describe('a quote', () => {
  test.each([4, 5] as const)('of version %d is accepted under the development root and no other', (quoteVersion) => {
    const enclave = new Enclave({ intel, name: 'a', model: 'm', gpus: 1, quoteVersion });
    const quote = enclave.quote(Buffer.alloc(64, 7));
    expect(quote.readUInt16LE()).toBe(quoteVersion);
    expect(accept(quote)).toBe('UpToDate');
    expect(() => qvl.QuoteVerifier.newProd().verify(quote, collateralOf(intel), now() / 1_000)).toThrow();
  });

  test('is refused by an independent library for what that looks at, and bad in what it does not look at', () => {
    const verdicts = Object.fromEntries(faultNames.map((fault) => [fault, verdict(quoteUnder(fault), fault)]));
    const refused = faultNames.filter((fault) => verdicts[fault] === 'refused');
    expect(refused).toEqual(['tcb_revoked', 'debug_td', 'revoked_pck', 'forged_qe_identity']);
    expect(verdicts.tcb_out_of_date).toBe('OutOfDate');
  });

  const quoteUnder = (fault: Fault) => (fault === 'chutes_shaped_answer' ? quoteOf() : quoteOf({ fault }));

  test('binds the signer, the TLS key and the nonce that was asked for', () => {
    const { report, nonce, peerSpki } = reportOf({ algorithm: 'ecdsa' });
    const address = Buffer.from(report.signing_address.slice(2), 'hex');
    const tls = hash('sha256', Buffer.from(peerSpki, 'base64'), 'buffer');
    const first = hash('sha256', Buffer.concat([address, tls]));
    expect(reportData(Buffer.from(report.intel_quote, 'hex')).toString('hex')).toBe(first + nonce);
    const plain = reportOf({ algorithm: 'ed25519', isTlsBound: false });
    const bound = reportData(Buffer.from(plain.report.intel_quote, 'hex')).toString('hex');
    expect(bound).toBe(plain.report.signing_address + plain.nonce);
  });

  test('holds what the boot log and the compose file replay to, with or without digests', () => {
    const { report } = reportOf();
    const quote = Buffer.from(report.intel_quote, 'hex');
    const registers = [0, 1, 2, 3].map((imr) => quote.subarray(48 + 328 + imr * 48, 48 + 376 + imr * 48));
    expect([0, 1, 2, 3].map((imr) => replay(report.event_log, imr))).toEqual(registers);
    const composeHash = hash('sha256', report.info.tcb_info.app_compose);
    expect(quote.subarray(48 + 184, 48 + 184 + 33).toString('hex')).toBe(`01${composeHash}`);
    expect(report.event_log.find(({ event }) => event === 'compose-hash')?.event_payload).toBe(composeHash);
    const bare = reportOf({ fault: 'empty_digests' }).report.event_log.filter(({ imr }) => imr === 3);
    expect(bare.every(({ digest }) => digest === '')).toBe(true);
  });
});

describe('evidence of GPUs', () => {
  test('is signed by a device under the development root, about the nonce', () => {
    const { report, nonce } = reportOf();
    const payload = JSON.parse(report.nvidia_payload) as NvidiaPayload;
    expect(payload.evidence_list).toHaveLength(2);
    for (const { certificate, evidence } of payload.evidence_list) {
      const chain = chainOf(Buffer.from(certificate, 'base64').toString());
      expect(chain).toHaveLength(5);
      expect(chain.every((one, index) => one.verify((chain[index + 1] ?? one).publicKey))).toBe(true);
      expect(chain.at(-1)?.raw).toEqual(root('nvidiaDevices'));
      const bytes = Buffer.from(evidence, 'base64');
      expect(bytes.subarray(4, 36).toString('hex')).toBe(nonce);
      const key = { key: chain[0]!.publicKey, dsaEncoding: 'ieee-p1363' as const };
      expect(verify('sha384', bytes.subarray(0, -96), key, bytes.subarray(-96))).toBe(true);
    }
  });

  test('gets tokens that the key set verifies, and none for another nonce', () => {
    const { report, nras } = reportOf();
    const [[, overall], devices] = JSON.parse(nras.response) as [[string, string], Record<string, string>];
    const jwk = (JSON.parse(nras.jwks) as { keys: [{ x5c: string[]; kty: string; crv: string; x: string; y: string }] })
      .keys[0];
    const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }, format: 'jwk' });
    for (const token of [overall, ...Object.values(devices)]) {
      const [head, claims, signature] = token.split('.') as [string, string, string];
      const signed = Buffer.from(`${head}.${claims}`);
      const bytes = Buffer.from(signature, 'base64url');
      expect(verify('sha384', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)).toBe(true);
    }
    const [leaf, middle] = jwk.x5c.map((der) => new X509Certificate(Buffer.from(der, 'base64')));
    expect(
      leaf?.verify(middle!.publicKey) && middle?.verify(new X509Certificate(root('nvidiaAttestation')).publicKey),
    ).toBe(true);
    const payload = JSON.parse(report.nvidia_payload) as NvidiaPayload;
    const [[, other]] = parts.nras.attest({ ...payload, nonce: 'ab'.repeat(32) });
    const claims = JSON.parse(Buffer.from(other.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
    expect(claims['x-nvidia-overall-att-result']).toBe(false);
  });
});

describe('a signature of an answer', () => {
  test('leads back to the address of the key that made it', () => {
    const text = `m:${'0'.repeat(64)}:${'1'.repeat(64)}`;
    const { keys } = parts.enclave;
    const bytes = Buffer.from(keys.sign('ecdsa', text).slice(2), 'hex');
    const digest = keccak_256(Buffer.from(`\x19Ethereum Signed Message:\n${text.length}${text}`));
    const recovered = Buffer.from([bytes[64]! - 27, ...bytes.subarray(0, 64)]);
    const point = secp256k1.Signature.fromBytes(recovered, 'recovered').recoverPublicKey(digest).toBytes(false);
    expect(Buffer.from(point).toString('hex')).toBe(keys.publicKey('ecdsa'));
    expect(
      `0x${Buffer.from(keccak_256(point.subarray(1)))
        .subarray(-20)
        .toString('hex')}`,
    ).toBe(keys.address('ecdsa'));
  });
});
