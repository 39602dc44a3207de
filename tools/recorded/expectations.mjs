/** What is said of recorded evidence by whoever recorded it: in `expected.json`, in `request.json`, or in SOURCES.md. */

/** @typedef {{ outcome: 'accept' | 'refuse' | 'policy', checks: string[], why: string }} Expectation */

/** Words that say what is wrong, and the check that must say so too. */
const reasons = [
  [/nonce/i, 'nonce_bound'],
  [/alg[ _"]*none/i, 'nras_algorithm'],
  [/crl[- ]empty|empty crl/i, 'crl_present'],
  [/crl[- ](expired|stale)|stale crl/i, 'crl_time'],
  [/crl[- ](wrong[- ]signer|unsigned|tampered)|unsigned crl/i, 'crl_signature'],
  [/revokes[- ]pck|revoked pck/i, 'pck_revocation'],
  [/tcb[- ]revoked/i, 'tcb_revoked'],
  [/\bdebug\b/i, 'td_debug'],
  [/production root|stranger'?s? root|foreign root/i, 'pck_chain'],
  [/trailing/i, 'quote_format'],
  [/no matching tcb level|out[- ]?of[- ]?date/i, 'tcb_level'],
  [/forged[- ]qe|qe[- ]identity/i, 'qe_identity'],
  [/event[- ]log|rtmr mismatch/i, 'event_log_replay'],
  [/gpu[- ]count/i, 'gpu_count'],
  [/gpu[- ]count/i, 'nras_digests'],
  [/expired[- ]token/i, 'nras_time'],
  [/signer/i, 'signer_bound'],
  [/tls[- ]key|spki/i, 'tls_spki'],
];

export const checksIn = (text) => reasons.flatMap(([words, id]) => (words.test(text) ? [id] : []));

/** @returns {Expectation} of a verdict in words, and of what they are about */
export function expectationOf(words, about) {
  if (/by policy/i.test(words)) return { outcome: 'policy', checks: ['tcb_level'], why: words };
  const outcome = /reject|refuse|fail|bad/i.test(words) ? 'refuse' : 'accept';
  return { outcome, checks: outcome === 'refuse' ? checksIn(`${about} ${words}`) : [], why: words };
}

const bad = /\bnegative\b|must be refused|must be rejected|never be accepted|tampered sample/i;

/** The rows of SOURCES.md that are about a file of a folder. */
export function rowsFor(sources, { folder, name }) {
  const rows = sources.split('\n').filter((line) => line.startsWith('|'));
  return rows.filter((row) => {
    const [, files = ''] = row.split('|');
    const [pattern, ...others] = files.split(',').map((part) => part.trim());
    const home = pattern.includes('/') ? pattern.slice(0, pattern.lastIndexOf('/')) : '';
    const patterns = [pattern, ...others.map((other) => (other.includes('/') ? other : `${home}/${other}`))];
    return patterns.some((one) => matches(one, `${folder}/${name}`));
  });
}

function matches(pattern, path) {
  const plain = pattern.replace(/\s*\+.*$/, '').replace(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${plain.replaceAll('*', '.*')}$`).test(path);
}

/** @returns {Expectation} what SOURCES.md, or the folder's own name, says of a file; good where nothing is said */
export function statedFor(sources, sample) {
  const rows = rowsFor(sources, sample).join(' ');
  const isBad = bad.test(rows) || /(^|[-/])(bad|negative|forged|tampered|not-bound|revoked)\b/i.test(sample.folder);
  if (!isBad) return { outcome: 'accept', checks: [], why: 'nothing bad is said of it' };
  const about = `${sample.folder} ${sample.name} ${rows.match(/negative[^|]*/i)?.[0] ?? rows}`;
  return { outcome: 'refuse', checks: checksIn(about).slice(0, 3), why: 'it is said to be bad' };
}

/** What SOURCES.md says of one file among several of a row: the clause that names it. */
export function clauseFor(sources, sample, stem) {
  const rows = rowsFor(sources, sample).join(' ');
  const clauses = rows.split(/[;|]/).filter((clause) => new RegExp(`(^|[^\\w])${stem}([^\\w]|$)`).test(clause));
  return clauses.at(-1) ?? '';
}

/** Dates that a text names, as milliseconds since 1970. */
export const datesIn = (text) => (text.match(/\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?/g) ?? []).map((date) => Date.parse(date));
