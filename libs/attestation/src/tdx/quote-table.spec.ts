import { describe, expect, test } from '@jest/globals';
import { Enclave, Intel, makeCertificate, makeRevocationList, Nras, sessionEvidence, SigningKey } from '@orgn/evidence';
import { fromBase64, fromHex, toBase64, toHex } from '../bytes/bytes.ts';
import type { CheckId } from '../checks/check-ids.ts';
import { readCertificate } from '../der/certificate.ts';
import { verifyChain } from '../der/chain.ts';
import { certificatesOfPem } from '../der/pem.ts';
import type { QuoteCollateral } from '../evidence/evidence.ts';
import { verifySession } from '../session/verify-session.ts';
import { at, evidenceOf, given, intel, statusOf } from '../testing/made-sessions.ts';

const day = 86_400_000;
const good = evidenceOf();
const report = JSON.parse(good.report) as { intel_quote: string };
const [collateral] = good.collateral as [QuoteCollateral];

const judge = (quote: string, changes: Partial<QuoteCollateral> = {}, when = at) =>
  verifySession(
    {
      ...good,
      report: JSON.stringify({ ...report, intel_quote: quote }),
      collateral: [{ ...collateral, ...changes }],
    },
    { ...given, at: when },
  );
const failsBy = async (id: CheckId, ...[quote, changes, when]: Parameters<typeof judge>) => {
  const session = await judge(quote, changes, when);
  expect([id, statusOf(session, id)]).toEqual([id, 'fail']);
  expect(session.verdict.status).toBe('failed');
};

/** The quote with one bit of one byte turned. */
const turned = (offset: number, bit = 1): string => {
  const bytes = fromHex(report.intel_quote);
  bytes[offset] = (bytes[offset] ?? 0) ^ bit;
  return toHex(bytes);
};
const turnedHex = (hex: string, offset: number) => {
  const bytes = fromHex(hex);
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  return toHex(bytes);
};
const derOf = (pem: string) => pem.replace(/-----[A-Z ]+-----|\s/g, '');
const signatureData = 48 + 584 + 4;
const certification = signatureData + 128 + 6;

/** Another maker of processors, as a thief of the name would be one: its own root. */
const stranger = new Intel({
  now: () => at,
  root: { name: { commonName: 'Intel SGX Root CA' }, key: SigningKey.generate('P-256') },
});

describe('a quote', () => {
  test('within the validity of everything is accepted', async () => {
    expect((await judge(report.intel_quote)).verdict.status).toBe('verified');
  });

  test('before the issue of a statement, or after its next update, is refused', async () => {
    await failsBy('collateral_time', report.intel_quote, {}, at - 2 * 3_600_000);
    await failsBy('collateral_time', report.intel_quote, {}, at + 29.5 * day);
  });

  test.each<[string, number, CheckId]>([
    ['report data', 48 + 520, 'quote_signature'],
    ['mrtd', 48 + 136, 'quote_signature'],
    ['debug bit', 48 + 120, 'td_debug'],
    ['signature', signatureData, 'quote_signature'],
    ['attestation key', signatureData + 64, 'quote_signature'],
    ['report of the quoting enclave', certification + 320, 'qe_report'],
    ['signature of the quoting enclave', certification + 384, 'qe_report'],
  ])('with a turned bit in the %s is refused', async (_, offset, id) => failsBy(id, turned(offset), {}));

  test('of which the debug bit was turned has no good signature either', async () =>
    failsBy('quote_signature', turned(48 + 120), {}));

  test('with bytes after its end is refused, but for the room that a quoting service leaves', async () => {
    for (const bytes of ['00', '01', '00'.repeat(69), '00'.repeat(71), `${'00'.repeat(69)}01`]) {
      await failsBy('quote_format', report.intel_quote + bytes);
    }
    expect((await judge(report.intel_quote + '00'.repeat(70))).verdict.status).toBe('verified');
  });

  test('cut anywhere is refused', async () => {
    for (const size of [0, 1, 47, 48, 631, 632, 700, report.intel_quote.length / 2 - 1]) {
      await failsBy('quote_format', report.intel_quote.slice(0, 2 * size));
    }
  });
});

describe("Intel's statements", () => {
  test.each<[string, CheckId, (from: QuoteCollateral) => Partial<QuoteCollateral>]>([
    ['edited', 'tcb_info', ({ tcb_info }) => ({ tcb_info: tcb_info.replace('UpToDate', 'UpToDatE') })],
    ['with another signature', 'tcb_info', (from) => ({ tcb_info_signature: turnedHex(from.tcb_info_signature, 9) })],
    ['emptied', 'tcb_info', () => ({ tcb_info: '' })],
    [
      'with an edited identity',
      'qe_identity',
      (from) => ({ qe_identity: from.qe_identity.replace('"isvsvn"', '"isvSvn"') }),
    ],
    ['with an emptied identity', 'qe_identity', () => ({ qe_identity: '', qe_identity_signature: '' })],
    [
      "with a stranger's identity",
      'qe_identity',
      () => {
        const { text, signature, issuerChain } = stranger.qeIdentity();
        return { qe_identity: text, qe_identity_signature: signature, qe_identity_issuer_chain: issuerChain };
      },
    ],
    [
      'with an identity that a stranger signed again',
      'qe_identity',
      () => {
        const { text, signature } = intel.qeIdentity(true);
        return { qe_identity: text, qe_identity_signature: signature };
      },
    ],
  ])('%s are refused', async (_, id, change) => failsBy(id, report.intel_quote, change(collateral)));

  test.each(['OutOfDate', 'SWHardeningNeeded', 'Revoked'] as const)('that say %s refuse', async (status) => {
    const { text, signature } = intel.tcbInfo(status);
    await failsBy('tcb_level', report.intel_quote, { tcb_info: text, tcb_info_signature: signature });
  });
});

describe('revocation lists', () => {
  const root = collateral.root_ca_crl;
  const pck = collateral.pck_crl;
  test.each<[string, CheckId, Partial<QuoteCollateral>]>([
    ['a tampered root list', 'crl_signature', { root_ca_crl: turnedHex(root, root.length / 2 - 4) }],
    ['the PCK list in place of the root list', 'crl_signature', { root_ca_crl: pck }],
    ['an empty root list', 'crl_present', { root_ca_crl: '' }],
    ["a stranger's root list", 'crl_signature', { root_ca_crl: stranger.rootCrl().toString('hex') }],
    ['a stale root list', 'crl_time', { root_ca_crl: intel.rootCrl('stale').toString('hex') }],
    ['a tampered PCK list', 'crl_signature', { pck_crl: turnedHex(pck, pck.length / 2 - 4) }],
    ["a PCK list from a stranger's key", 'crl_signature', { pck_crl: intel.pckCrl('unsigned').toString('hex') }],
    ["a stranger's PCK list", 'crl_signature', { pck_crl: stranger.pckCrl().toString('hex') }],
    ['an expired PCK list', 'crl_time', { pck_crl: intel.pckCrl('stale').toString('hex') }],
    ['a removed PCK list', 'crl_present', { pck_crl: '' }],
    ['a PCK list that is no list', 'crl_present', { pck_crl: '3003020101' }],
    ['a PCK list with bytes after it', 'crl_present', { pck_crl: `${pck}00` }],
    ['a revoked PCK certificate', 'pck_revocation', { pck_crl: intel.pckCrl(undefined, true).toString('hex') }],
    ["a stranger's chain of the list's issuer", 'crl_signature', { pck_crl_issuer_chain: stranger.pckIssuerChain() }],
  ])('%s is refused', async (_, id, changes) => failsBy(id, report.intel_quote, changes));

  test('are asked for the authority of the PCK certificate too', async () => {
    const issuer = { name: { commonName: 'Intel SGX Root CA' }, key: SigningKey.generate('P-256') };
    const maker = new Intel({ now: () => at, root: issuer });
    const enclave = new Enclave({ intel: maker, name: 'a', model: 'm', gpus: 1 });
    const made = sessionEvidence({ intel: maker, nras: new Nras(() => at), enclave });
    const intelRoots = [{ name: 'made', development: true, der: derOf(maker.rootPem) }];
    const judgeWith = (revoked: Uint8Array[]) => {
      const dates = { from: new Date(at - 1000), until: new Date(at + day) };
      const list = makeRevocationList({ issuer, ...dates, revoked }).toString('hex');
      const evidence = { ...made, collateral: made.collateral.map((one) => ({ ...one, root_ca_crl: list })) };
      return verifySession(evidence, { ...given, roots: { ...given.roots, intel: intelRoots } });
    };
    expect(statusOf(await judgeWith([]), 'pck_revocation')).toBe('pass');
    for (const pem of [maker.pckIssuerChain(), maker.tcbInfo().issuerChain]) {
      const [certificate = new Uint8Array()] = certificatesOfPem(pem);
      const { serial } = readCertificate(certificate);
      expect(statusOf(await judgeWith([fromHex(serial)]), 'pck_revocation')).toBe('fail');
    }
  });
});

test('a certificate that is no authority issues nothing, and a chain without its root ends in the pinned one', async () => {
  const party = (commonName: string) => ({ name: { commonName }, key: SigningKey.generate('P-256') });
  const [root, middle, leaf] = [party('root'), party('middle'), party('leaf')];
  const dates = { from: new Date(at - day), until: new Date(at + day), extensions: [] };
  const make = (of: typeof root, issuer: typeof root, isAuthority: boolean) => {
    const made = makeCertificate({ name: of.name, spki: of.key.spki, issuer, isAuthority, ...dates });
    return readCertificate(fromBase64(derOf(made.pem)));
  };
  const top = make(root, root, true);
  const rules = { anchors: [{ name: 'root', development: true, der: toBase64(top.der) }], at, crypto: given.crypto };
  const chainOf = (isAuthority: boolean) => [make(leaf, middle, false), make(middle, root, isAuthority), top];
  expect(await verifyChain(chainOf(true), rules)).toMatchObject({ good: true });
  expect(await verifyChain(chainOf(false), rules)).toMatchObject({ good: false });
  expect(await verifyChain(chainOf(true).slice(0, 2), rules)).toMatchObject({ good: true });
  expect(await verifyChain(chainOf(true).slice(0, 1), rules)).toMatchObject({ good: false });
  expect(await verifyChain([], rules)).toMatchObject({ good: false });
});
