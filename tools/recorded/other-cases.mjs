/** What is no report: signed answers, tokens of NRAS alone, vectors of ACI, certificates, and answers that nothing attests. */
import { createHash } from 'node:crypto';
import {
  aciDigest,
  aciReportData,
  answerChecks,
  canonicalJson,
  fromHex,
  nrasChecks,
  productionRoots,
  strictPolicy,
  toHex,
  utf8,
} from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { statedFor } from './expectations.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const failing = (checks) => checks.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`);
const result = (sample, ok, detail) => ({ name: `${sample.folder}/${sample.name}`, folder: sample.folder, ok, detail });

/** A signed answer: its own bytes, by a key that some verified report of the collection names. */
export async function answerCases({ samples, sources }, sessions) {
  const signers = sessions
    .filter(({ session }) => session.verdict.status === 'verified')
    .flatMap(({ session }) => session.facts.signers);
  return Promise.all(
    samples
      .filter(({ kind }) => kind === 'signature')
      .map(async (sample) => {
        const body = (kind) =>
          samples.find((one) => one.folder === sample.folder && one.kind === kind)?.bytes ?? Buffer.alloc(0);
        const request = body('request-body');
        const model = JSON.parse(request.toString() || '{}').model ?? null;
        const exchange = { requestHash: sha256(request), responseHash: sha256(body('response-body')), model };
        const checks = await answerChecks(sample.json, exchange, signers, nodeCrypto);
        const isGood = statedFor(sources, sample).outcome === 'accept';
        const bad = failing(checks);
        return result(
          sample,
          (bad.length === 0) === isGood,
          bad.join(', ') || 'bytes, signature, signer, attested key',
        );
      }),
  );
}

const given = { policy: strictPolicy, roots: productionRoots, crypto: nodeCrypto };

/** Tokens without the key set of their day, and tokens that nobody signed: what they prove is judged all the same. */
export async function tokenCases({ samples }) {
  const answers = samples.flatMap((sample) => {
    if (sample.kind === 'local-nras')
      return [{ sample, answer: sample.json.detached_eat, expected: ['nras_algorithm'] }];
    if (sample.kind !== 'nras-shapes') return [];
    return Object.entries(sample.json).map(([name, answer]) => ({
      sample,
      name,
      answer,
      expected: ['nras_signature'],
    }));
  });
  return Promise.all(
    answers.map(async ({ sample, name, answer, expected }) => {
      const [, tokens = {}] = answer;
      const count = Object.keys(tokens).length;
      const response = JSON.stringify(answer);
      const claims = JSON.parse(Buffer.from(answer[0][1].split('.')[1], 'base64url').toString());
      const nonces = [String(claims.eat_nonce)];
      const at = (claims.iat ?? claims.nbf ?? 0) * 1000;
      const { checks } = await nrasChecks({ response, jwks: '{"keys":[]}' }, { count, nonces }, { ...given, at });
      const failed = checks.filter(({ status }) => status === 'fail').map(({ id }) => id);
      const isRead = checks.some(({ id, status }) => id === 'nras_present' && status === 'pass');
      const ok = isRead && expected.every((id) => failed.includes(id));
      return result(sample, ok, `${name ? `${name}: ` : ''}refused by ${failed.join(', ')}`);
    }),
  );
}

/** The four constructions of ACI's published vectors. */
export async function aciCases({ samples }) {
  return Promise.all(
    samples
      .filter(({ kind }) => kind === 'aci-vectors')
      .map(async (sample) => {
        const { keyset, workload_keyset_digest: digest, session, session_id: id, receipt, nonce } = sample.json;
        const { signature, ...unsigned } = receipt;
        const [key] = keyset.receipt_signing_keys;
        const made = {
          keyset: aciDigest(keyset, nodeCrypto) === digest,
          session: aciDigest(session, nodeCrypto).endsWith(id),
          report_data: toHex(aciReportData(digest, nonce, nodeCrypto)).startsWith(sample.json.report_data),
          receipt: await nodeCrypto.verify({
            scheme: 'ed25519',
            key: fromHex(key.public_key),
            signature: fromHex(signature),
            signed: utf8(canonicalJson(unsigned)),
          }),
        };
        const wrong = Object.keys(made).filter((name) => !made[name]);
        return result(
          sample,
          wrong.length === 0,
          wrong.length ? `not reproduced: ${wrong.join(', ')}` : 'four of four',
        );
      }),
  );
}

const pinned = [productionRoots.intel, productionRoots.nvidiaDevice].flat().map(({ name, der }) => ({ name, der }));

/** Published roots must be the pinned ones, byte by byte. */
export function anchorCases({ samples }) {
  return samples
    .filter(({ kind, folder }) => kind === 'certificate' && /anchor/.test(folder))
    .map((sample) => {
      const der = sample.text.includes('-----BEGIN')
        ? sample.text.replace(/-----[A-Z ]+-----|\s/g, '')
        : sample.bytes.toString('base64');
      const root = pinned.find((one) => one.der === der);
      return result(sample, root !== undefined, root ? `pinned as ${root.name}` : 'not pinned');
    });
}

/** Answers of a provider without enclaves: nothing of them may be called more than asserted. */
export function unattestedCases({ samples }) {
  return samples
    .filter(({ kind, folder, name }) => kind === 'exchange' || (folder === 'vercel' && name.endsWith('.json')))
    .map((sample) => {
      const names = ['finalProvider', 'resolvedProvider', 'no_providers_available'].filter((word) =>
        sample.text.includes(word),
      );
      return result(sample, names.length > 0, `provider_asserted alone: ${names.join(', ')}`);
    });
}
