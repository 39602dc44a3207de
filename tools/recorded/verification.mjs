/** How recorded evidence is verified: everything is demanded that it holds evidence for, at the time it was recorded. */
import {
  certificatesOfPem,
  Malformed,
  productionRoots,
  readCertificate,
  requirements,
  strictPolicy,
  toBase64,
  verifySession,
} from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';

const fieldOf = (json, name) => {
  try {
    return JSON.parse(json)[name];
  } catch {
    return undefined;
  }
};

/** From when to when Intel's statements in a collateral hold. */
export function windowOf({ tcb_info: tcb, qe_identity: qe }) {
  const times = (name) => [tcb, qe].map((json) => Date.parse(fieldOf(json, name))).filter(Number.isFinite);
  return { from: Math.max(...times('issueDate')), until: Math.min(...times('nextUpdate')) };
}

export function isCurrent(collateral, at) {
  const { from, until } = windowOf(collateral);
  return from <= at && at <= until;
}

const statementsNeeded = (id, hasCollateral) => hasCollateral || !statementIds.has(id);

/** What a report shows, by what it says itself: decides what can be demanded of it. */
function demandsOf({ report, nras, peerSpki, hasCollateral }) {
  const { quote, signer, channel, software, gpu, nras: service } = requirements;
  const shows = (...names) => names.some((name) => report.includes(name));
  const isDemanded = (id) =>
    statementsNeeded(id, hasCollateral) &&
    (id !== 'nonce_bound' || shows('nonce', 'keyset')) &&
    (id !== 'compose_hash' || shows('app_compose'));
  const demands = [
    [quote, true],
    [signer, shows('"signing_address"', '"receipt_signing_keys"')],
    [channel, Boolean(peerSpki) && shows('"tls_cert_fingerprint"', '"tls_key_fp"', '"tls_public_keys"')],
    [software, shows('"event_log"')],
    [gpu, shows('evidence_list', 'gpu_evidence', '"evidences"')],
    [service, Boolean(nras)],
  ];
  return demands.flatMap(([ids, isShown]) => (isShown ? ids.filter(isDemanded) : []));
}

const statementIds = new Set([
  ...['tcb_info', 'qe_identity', 'collateral_time', 'tcb_level', 'tcb_revoked', 'quote_library'],
  ...['crl_present', 'crl_signature', 'crl_time', 'pck_revocation'],
]);

/** Demands of a kind of evidence that this gateway would not take from a provider are made all the same. */
export function policyFor(evidence, changes = {}) {
  const forms = ['proxy', 'gateway', 'aci', 'dstack', 'tinfoil', 'chutes'];
  const isTinfoil = evidence.report.includes('"tls_key_fp"');
  return {
    ...strictPolicy,
    forms,
    require: demandsOf(evidence),
    gpus: { minimum: 0, exactly: null },
    ...(isTinfoil ? { tdAttributes: null } : {}),
    ...changes,
  };
}

/** @param given evidence, and `at`, `roots`, `policy` where they differ from the usual */
export function verify({ report, nonce, peerSpki = null, collateral, nras = null }, { at, roots, policy }) {
  const evidence = { report, nonce, peerSpki, collateral, nras };
  return verifySession(evidence, { at, roots: roots ?? productionRoots, policy, crypto: nodeCrypto });
}

/** A time at which the certificates in a quote were young; null when there are none. */
export function timeOfQuote(bytes) {
  try {
    const [leaf] = certificatesOfPem(Buffer.from(bytes).toString('latin1'));
    return readCertificate(leaf).notBefore + 86_400_000;
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}

/** Intel's place is taken by the root that lies beside made evidence. */
export const rootsWith = (der) => ({
  ...productionRoots,
  intel: [{ name: 'root of this folder', development: true, der: toBase64(der) }],
});

/** The quotes that a report holds, in hex or in base64. */
const quotesIn = (report) => [
  ...(report.match(/0[45]00020081000000[0-9a-f]+/gi) ?? []).map((hex) => Buffer.from(hex, 'hex')),
  ...(report.match(/B[AQ]ACAIEAAAA[A-Za-z0-9+/=]+/g) ?? []).map((text) => Buffer.from(text, 'base64')),
];

/** Whether a statement is about the type of machine that a certificate in one of the quotes names. */
function isAbout(collateral, quotes) {
  const fmspc = String(fieldOf(collateral.tcb_info, 'fmspc')).toLowerCase();
  return quotes.some((quote) => {
    try {
      return certificatesOfPem(quote.toString('latin1')).some((der) =>
        Buffer.from(der).toString('hex').includes(fmspc),
      );
    } catch (error) {
      if (error instanceof Malformed) return false;
      throw error;
    }
  });
}

/** The statements for a report's machines: those beside it first, then others that held at the time. */
export function collateralsFor(report, own, { all, at }) {
  const quotes = quotesIn(report);
  const others = all.filter(
    (sample) => !own.includes(sample) && isCurrent(sample.json, at) && isAbout(sample.json, quotes),
  );
  return [...own, ...others].map(({ json }) => json);
}

/** The key set that signed an answer of NRAS: the one beside it, or another of the collection. */
export function keysFor(response, own, all) {
  const ids = [...response.matchAll(/eyJ[A-Za-z0-9_-]+/g)]
    .map(([header]) => fieldOf(Buffer.from(header, 'base64url').toString(), 'kid'))
    .filter(Boolean);
  const sets = [...own, ...all];
  return (sets.find(({ text }) => ids.some((id) => text.includes(id))) ?? sets[0])?.text ?? '{"keys":[]}';
}
