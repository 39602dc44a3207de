/** Reads a collection of recorded evidence: what each file is follows from what it holds, never from its name alone. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { Malformed, readReport, webCrypto } from '@orgn/attestation';

const largest = 16 * 1024 * 1024;

/** @typedef {{ path: string, folder: string, name: string, kind: string, text: string, bytes: Buffer, json: any }} Sample */

/** Every file under `directory`. @returns {Sample[]} */
export function readSamples(directory) {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= largest)
    .toSorted();
  return files.flatMap((path) => {
    const bytes = readFileSync(path);
    const text = bytes.toString('utf8');
    const json = parsed(text);
    const folder = relative(directory, dirname(path)) || '.';
    const sample = { path, folder, name: basename(path), text, bytes, json };
    const each = isListOfCollateral(json) ? json.map((one) => ({ ...sample, json: one })) : [sample];
    return each.map((one) => ({ ...one, kind: kindOf(one) }));
  });
}

/** Statements about several types of machines, in one file. */
const isListOfCollateral = (json) =>
  Array.isArray(json) && json.length > 0 && json.every((one) => typeof one?.tcb_info === 'string');

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const has = (json, ...names) => names.every((name) => json[name] !== undefined);

/** In this order: some kinds have members of later ones. */
const objects = [
  ['collateral', (json) => has(json, 'tcb_info', 'qe_identity')],
  ['signature', (json) => has(json, 'text', 'signature', 'signing_address')],
  ['request', (json) => has(json, 'nonce_sent_by_client') || has(json, 'captured_at')],
  ['expected', (json) => has(json, 'strict_verifier') || has(json, 'clock_unix')],
  ['jwks', (json) => Array.isArray(json.keys)],
  ['local-nras', (json) => has(json, 'detached_eat')],
  ['nras-shapes', (json) => Object.values(json).some(isNrasAnswer) && !has(json, 'report_data')],
  ['aci-vectors', (json) => has(json, 'keyset', 'session', 'receipt')],
];

const isNrasAnswer = (json) => Array.isArray(json) && Array.isArray(json[0]) && json[0][0] === 'JWT';

function kindOf({ name, json, text, bytes }) {
  if (isNrasAnswer(json)) return 'nras';
  const known = typeof json === 'object' && json !== null && objects.find(([, is]) => is(json));
  if (known) return known[0];
  if (typeof json === 'object' && json !== null && !Array.isArray(json) && isReport(text)) return 'report';
  return kindOfName(name, bytes);
}

/** Reports are known by being readable as one, whatever is in them; one with a broken member is still meant as one. */
function isReport(text) {
  try {
    readReport(text, webCrypto);
    return true;
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return error.message !== 'a report of an unknown form';
  }
}

/** The least that a quote is, of bytes or of hex digits, so that no other file of the ending is taken for one. */
const names = [
  [/^request-body\b/, 'request-body', 0],
  [/^response-body\b/, 'response-body', 0],
  [/\.ya?ml$/, 'exchange', 0],
  [/\.(der|pem)$/, 'certificate', 0],
  [/\.bin$/, 'quote', 49],
  [/\.hex$/, 'quote', 97],
];

const kindOfName = (name, { length }) =>
  names.find(([pattern, , least]) => pattern.test(name) && length >= least)?.[1] ?? 'other';
