import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fromBase64, fromHex, type Bytes } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import { readCertificate } from '../der/certificate.ts';
import { readRevocationList } from '../der/crl.ts';
import { readNrasAnswer } from '../gpu/nras-token.ts';
import { readNrasKeys } from '../gpu/nras-keys.ts';
import { readSpdmExchange } from '../gpu/spdm.ts';
import type { SessionEvidence } from '../evidence/evidence.ts';
import { readSignedText } from '../answers/signed-text.ts';
import { readQuote } from '../tdx/quote.ts';
import { readReport } from '../reports/read-report.ts';
import { evidenceOf, given } from '../testing/made-sessions.ts';
import { verifySession } from './verify-session.ts';

const evidence = evidenceOf();
const report = JSON.parse(evidence.report) as { intel_quote: string; nvidia_payload: string };
const gpu = (JSON.parse(report.nvidia_payload) as { evidence_list: { evidence: string }[] }).evidence_list[0];
const [collateral] = evidence.collateral;
const bytes: Record<string, [Bytes, (of: Bytes) => unknown]> = {
  quote: [fromHex(report.intel_quote), readQuote],
  'revocation list': [fromHex(collateral?.pck_crl ?? ''), readRevocationList],
  certificate: [fromBase64(given.roots.intel[0]?.der ?? ''), readCertificate],
  'exchange of SPDM': [fromBase64(gpu?.evidence ?? ''), readSpdmExchange],
};

const onlyOurs = (read: () => unknown) => {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(Malformed);
  }
};

/** Bytes of which some were changed, cut away or put in. */
const spoilt = (from: Bytes) =>
  fc
    .array(fc.tuple(fc.nat(from.length - 1), fc.uint8Array({ maxLength: 3 }), fc.nat(40)), {
      minLength: 1,
      maxLength: 4,
    })
    .map((edits) =>
      edits.reduce<Bytes>(
        (all, [at, put, cut]) => Uint8Array.from([...all.subarray(0, at), ...put, ...all.subarray(at + cut)]),
        from,
      ),
    );

describe('whatever is read', () => {
  test.each(Object.entries(bytes))('as a %s, nothing is thrown but what is ours', (_, [good, read]) => {
    expect(() => read(good)).not.toThrow();
    fc.assert(
      fc.property(fc.oneof(spoilt(good), fc.uint8Array({ maxLength: 700 })), (made) =>
        onlyOurs(() => read(Uint8Array.from(made))),
      ),
      { numRuns: 300 },
    );
  });

  test('as a text, nothing is thrown but what is ours', () => {
    const texts = [evidence.report, evidence.nras.response, evidence.nras.jwks, 'a:b:c'];
    const readers = [(made: string) => readReport(made, given.crypto), readNrasAnswer, readNrasKeys, readSignedText];
    const made = fc.oneof(
      fc.json({ maxDepth: 6 }),
      fc
        .tuple(fc.constantFrom(...texts), fc.nat(), fc.string({ maxLength: 4 }), fc.nat(20))
        .map(([of, at, put, cut]) => {
          const from = at % (of.length + 1);
          return of.slice(0, from) + put + of.slice(from + cut);
        }),
    );
    fc.assert(
      fc.property(made, (text) => readers.forEach((read) => onlyOurs(() => read(text)))),
      { numRuns: 300 },
    );
  });

  test('as a session, nothing at all is thrown, and nothing that was changed in its meaning is verified', async () => {
    const leaves = paths(JSON.parse(evidence.report));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...leaves), fc.jsonValue({ maxDepth: 2 }), async (path, value) => {
        const changed: SessionEvidence = {
          ...evidence,
          report: JSON.stringify(withValue(JSON.parse(evidence.report), path, value)),
        };
        const { verdict, checks } = await verifySession(changed, given);
        expect(['verified', 'failed', 'unknown']).toContain(verdict.status);
        expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('that is no text where one should be is no evidence, and too much of it is not looked at', async () => {
    const odd = fc.record({
      report: fc.constantFrom(evidence.report, null, 7, {}),
      nonce: fc.constantFrom(evidence.nonce, null, []),
      peerSpki: fc.constantFrom(evidence.peerSpki, 7, {}),
      nras: fc.constantFrom(evidence.nras, {}, { response: null, jwks: 7 }, 'x'),
      gpus: fc.constantFrom(undefined, null, {}, { at: 'x', evidence: {} }, { at: 0, evidence: null }),
      collateral: fc.constantFrom(
        ...[null, {}, [null], [[]], [{}], [{ ...collateral, pck_crl: null }], [{ ...collateral, tcb_info: {} }]],
        [{ ...collateral, tcb_info_issuer_chain: String(collateral?.tcb_info_issuer_chain).repeat(1_000) }],
      ),
    });
    await fc.assert(
      fc.asyncProperty(odd, async (made) => {
        const { verdict } = await verifySession(made as unknown as SessionEvidence, given);
        expect(verdict.status).not.toBe('verified');
      }),
      { numRuns: 60 },
    );
  });

  test('that is deep or long is refused at once', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    for (const text of [
      deep,
      `{"api_version":"aci/1","attestation":{"evidence":{"quote":"00"},"workload_keyset":${deep}}}`,
    ]) {
      expect((await verifySession({ ...evidence, report: text }, given)).verdict.failed).toEqual(['report_form']);
    }
    const long = JSON.stringify({ ...report, intel_quote: '00'.repeat(2_500_000) });
    expect((await verifySession({ ...evidence, report: long }, given)).verdict.status).toBe('failed');
  });
});

type Path = readonly (string | number)[];

/** Where the values of a JSON document stand that are no containers. */
function paths(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  return Object.entries(value).flatMap(([name, member]) => paths(member, [...at, name]));
}

function withValue(document: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  const copy: Record<string, unknown> = Array.isArray(document)
    ? (Array.from(document as unknown[]) as unknown as Record<string, unknown>)
    : { ...(document as Record<string, unknown>) };
  copy[String(name)] = withValue(copy[String(name)], rest, value);
  return copy;
}
