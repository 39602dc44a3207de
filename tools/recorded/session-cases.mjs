/** Reports, and quotes without one: each is a case with what is expected of it. */
import { clauseFor, datesIn, expectationOf, statedFor } from './expectations.mjs';
import {
  collateralsFor,
  isCurrent,
  keysFor,
  policyFor,
  rootsWith,
  timeOfQuote,
  verify,
  windowOf,
} from './verification.mjs';

const noNonce = '00'.repeat(32);
const inFolder = (samples, folder, kind) => samples.filter((one) => one.folder === folder && one.kind === kind);

/** Cases of recorded reports: with the nonce that was sent, at the time of the answer. */
export function reportCases({ samples, sources }) {
  const all = (kind) => samples.filter((one) => one.kind === kind);
  // What was made under a root of its own says nothing of anybody else's machines.
  const genuine = all('collateral').filter(({ folder }) => inFolder(samples, folder, 'expected').length === 0);
  return all('report').flatMap((sample) => {
    const beside = (kind) => inFolder(samples, sample.folder, kind);
    if (beside('expected').length > 0) return [];
    const request = beside('request')[0]?.json ?? {};
    const at = Date.parse(request.captured_at) || clockOf(sample, beside('collateral'));
    const [answer] = beside('nras');
    const collateral = collateralsFor(sample.text, beside('collateral'), { all: genuine, at });
    const evidence = {
      report: sample.text,
      nonce: request.nonce_sent_by_client ?? noNonce,
      peerSpki: request.peer_spki_der_base64 ?? null,
      collateral,
      hasCollateral: collateral.length > 0,
      nras: answer ? { response: answer.text, jwks: keysFor(answer.text, beside('jwks'), all('jwks')) } : null,
    };
    const said = request.expected ?? request.verdict;
    const expected = said ? expectationOf(String(said), sample.folder) : statedFor(sources, sample);
    return [{ name: `${sample.folder}/${sample.name}`, folder: sample.folder, at, expected, evidence }];
  });
}

function clockOf(sample, collaterals) {
  const [own] = collaterals;
  if (own) return windowOf(own.json).from + 60_000;
  const quote = sample.json.quote?.quote ?? sample.json.quote ?? sample.json.intel_quote ?? '';
  return timeOfQuote(Buffer.from(String(quote), 'hex')) ?? 0;
}

/** Quotes that lie alone beside their collateral, paired by name. */
export function quoteCases({ samples, sources }) {
  return samples.flatMap((sample) => {
    if (sample.kind !== 'quote' || inFolder(samples, sample.folder, 'expected').length > 0) return [];
    const stem = sample.name.replace(/\.\w+$/, '');
    const beside = inFolder(samples, sample.folder, 'collateral');
    const own = beside.find(
      ({ name }) => name.startsWith(`${stem}_collateral`) || name.startsWith(`${stem}-collateral`),
    );
    const bytes = sample.name.endsWith('.hex') ? Buffer.from(sample.text.trim(), 'hex') : sample.bytes;
    const report = JSON.stringify({ quote: bytes.toString('hex') });
    const clause = clauseFor(sources, sample, stem);
    const dates = datesIn(clause).filter((date) => !own || isCurrent(own.json, date));
    const at = dates[0] ?? (own ? windowOf(own.json).from + 60_000 : (timeOfQuote(bytes) ?? 0));
    const collateral = own ? [own.json] : [];
    const evidence = { report, nonce: noNonce, collateral, hasCollateral: collateral.length > 0 };
    return [
      {
        name: `${sample.folder}/${sample.name}`,
        folder: sample.folder,
        at,
        expected: ofQuote(bytes, clause),
        evidence,
      },
    ];
  });
}

/** This verifier takes TDX alone, so a quote of SGX is a bad one, however genuine. */
function ofQuote(bytes, clause) {
  const isTdx = bytes.readUInt32LE(4) === 0x81;
  if (!isTdx) return { outcome: 'refuse', checks: ['tee_type'], why: 'a quote of SGX' };
  if (/no matching|reject|refuse/i.test(clause)) return expectationOf('reject', clause);
  return { outcome: 'accept', checks: [], why: 'nothing bad is said of it' };
}

/** Cases that an `expected.json` lists: each names the files that it is about, and maybe the root. */
export function listedCases({ samples }) {
  return samples
    .filter(({ kind }) => kind === 'expected')
    .flatMap((list) => {
      const own = samples.filter(({ folder }) => folder === list.folder);
      const at = (list.json.clock_unix ?? Date.parse(list.json.clock_iso) / 1000) * 1000;
      return Object.entries(list.json.strict_verifier ?? {}).map(([about, words]) => ({
        name: `${list.folder}: ${about}`,
        folder: list.folder,
        at,
        expected: expectationOf(words, about),
        ...listed(about, own, list.json.nonce ?? noNonce),
      }));
    });
}

/** A file is named whole, without its ending, or by the part of its name after a dash. */
const isNamed = (about, { name }) => {
  const stem = name.replace(/\.\w+$/, '');
  return about.includes(name) || new RegExp(`\\b${stem.slice(stem.indexOf('-') + 1)}\\b`).test(about);
};

function listed(about, own, nonce) {
  const of = (kind) => own.filter((sample) => sample.kind === kind);
  const collateral = of('collateral').find((sample) => isNamed(about, sample)) ?? of('collateral')[0];
  const quote = of('quote').find(({ name }) => about.includes(name));
  const [report] = of('report');
  const root = of('certificate').find(({ name }) => /root/.test(name));
  const body = quote ? JSON.stringify({ quote: quote.bytes.toString('hex') }) : (report?.text ?? '');
  const evidence = { report: body, nonce, collateral: collateral ? [collateral.json] : [], hasCollateral: true };
  const isOwnRoot = root && !/production root/i.test(about);
  return { evidence, ...(isOwnRoot ? { roots: rootsWith(root.bytes) } : {}) };
}

/** Verifies a case; one whose level is a matter of policy is verified by both policies. */
export async function judge({ evidence, at, roots, expected, ...rest }) {
  const policy = policyFor(evidence);
  const session = await verify(evidence, { at, roots, policy });
  if (expected.outcome !== 'policy') return { ...rest, expected, at, session, ok: isAsExpected(session, expected) };
  const status = session.facts.tcb?.status;
  const lenient = await verify(evidence, { at, roots, policy: { ...policy, tcbStatuses: ['UpToDate', status] } });
  const named =
    session.facts.tcb && [status, ...session.facts.tcb.advisories].every((word) => expected.why.includes(word));
  const ok = session.verdict.failed.join() === 'tcb_level' && lenient.verdict.status === 'verified' && Boolean(named);
  return { ...rest, expected, at, session, ok };
}

function isAsExpected({ verdict, checks }, { outcome, checks: reasons }) {
  if (outcome === 'accept') return verdict.status === 'verified';
  const failed = checks.filter(({ status }) => status === 'fail').map(({ id }) => id);
  return verdict.status === 'failed' && (reasons.length === 0 || reasons.some((id) => failed.includes(id)));
}
