import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import {
  answerChecks,
  canonicalJson,
  developmentRoots,
  requirements,
  strictPolicy,
  verifySession,
  type AttestationPolicy,
  type SessionEvidence,
  type Verification,
} from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { Enclave, Intel, Nras, sessionEvidence, type Fault } from '@orgn/evidence';
import { digestOf, digestOfJson } from '../bytes/digest.ts';
import type { Bundle } from '../form/bundle.ts';
import type { Receipt, UnsignedReceipt } from '../form/receipt.ts';
import { signReceipt, type ReceiptSigner } from '../form/sign.ts';
import { signSuccession, type UnsignedSuccession } from '../form/succession.ts';
import { signCheckpoint } from '../log/checkpoint.ts';
import { leafOf } from '../log/leaf.ts';
import { inclusionProof, leafHash, rootOf } from '../log/merkle.ts';

const at = Date.parse('2026-03-01T00:00:00Z');
const origin = 'gateway.example/receipts';
const crypto = nodeCrypto;
const { approved: _, ...others } = requirements;

/** The strict policy without a list of approved software. */
export const testPolicy: AttestationPolicy = { ...strictPolicy, require: Object.values(others).flat() };

export function makeSigner(kid = 'r1') {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const bytes = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const signer: ReceiptSigner = { kid, sign: (message) => sign(null, message, privateKey) };
  return { signer, publicKey: bytes, keys: { keys: [keyOf(kid, bytes)], log: { origin } } };
}

const keyOf = (kid: string, bytes: Buffer) => ({
  kid,
  algorithm: 'ed25519' as const,
  public_key: bytes.toString('hex'),
});
const plain = (bytes: Buffer) => digestOf(bytes, crypto).slice('sha256:'.length);

export const madeRequest = Buffer.from('{"model":"near_qwen3_30b","messages":[{"role":"user","content":"Grüße"}]}');
const forwarded = Buffer.from('{"model":"Qwen/Qwen3-30B","messages":[{"role":"user","content":"Grüße"}]}');
const wireAnswer = Buffer.from(
  '{"choices":[{"message":{"content":"Ä river."}}],"id":"chatcmpl-1","model":"Qwen/Qwen3-30B"}',
);
export const madeResponse = Buffer.from(wireAnswer.toString().replace('Qwen/Qwen3-30B', 'near_qwen3_30b'));

export interface MadeBundle {
  readonly bundle: Bundle;
  readonly text: string;
  readonly keys: ReturnType<typeof makeSigner>['keys'];
}

export interface BundleOptions {
  readonly fault?: Fault;
  /** Changes the receipt before it is signed. */
  readonly change?: (receipt: UnsignedReceipt) => UnsignedReceipt;
  readonly isLogged?: boolean;
}

/** A receipt of an answer that an enclave gave, with everything that it rests on, under development roots. */
export async function makeBundle({
  fault,
  change = (receipt) => receipt,
  isLogged = true,
}: BundleOptions = {}): Promise<MadeBundle> {
  let clock = at;
  const now = () => clock;
  const intel = new Intel({ now });
  const enclave = new Enclave({ intel, name: 'application', model: 'Qwen/Qwen3-30B', gpus: 1 });
  const evidence = sessionEvidence(
    { intel, nras: new Nras(now), enclave },
    { algorithm: 'ed25519', fault, tlsKey: 'of the endpoint' },
  );
  const given = { policy: testPolicy, roots: developmentRoots, at, crypto };
  const session = await verifySession(evidence, given);
  const signed = `Qwen/Qwen3-30B:${plain(forwarded)}:${plain(wireAnswer)}`;
  const keys = enclave.keysUnder(fault);
  const signature = {
    text: signed,
    signature: keys.sign('ed25519', signed),
    signing_address: keys.address('ed25519'),
    signing_algo: 'ed25519',
  };
  const exchange = { requestHash: plain(forwarded), responseHash: plain(wireAnswer), model: 'Qwen/Qwen3-30B' };
  const checks = await answerChecks(signature, exchange, session.facts.signers, crypto);
  const digest = digestOfJson(evidence, crypto);
  const unsigned = receiptOf({ session, digest, checks, signature });
  const { signer, publicKey, keys: known } = makeSigner();
  const receipt = signReceipt(change(unsigned), signer);
  const log = isLogged ? logOf(receipt, signer, publicKey) : ('pending' as const);
  clock = at + 60_000;
  const later = sessionEvidence(
    { intel, nras: new Nras(now), enclave },
    { algorithm: 'ed25519', tlsKey: 'of the endpoint' },
  );
  const after = await successionOf(digest, later, { ...given, at: clock });
  const bundle: Bundle = {
    format: 'orgn-receipt-bundle/1',
    receipt,
    evidence: { [digest]: copy(evidence), [after.session.evidence]: copy(later) },
    log,
    after: signSuccession(after, signer),
  };
  return { bundle, text: canonicalJson(bundle), keys: known };
}

/** The verification that followed. */
async function successionOf(
  before: string,
  evidence: SessionEvidence,
  given: Verification,
): Promise<UnsignedSuccession> {
  const { verdict, checks } = await verifySession(evidence, given);
  const session = { evidence: digestOfJson(evidence, crypto), verified_at: given.at, verdict, checks };
  return { format: 'orgn-session-after/1', before, policy: copy(testPolicy), session: copy(session) };
}

interface Made {
  session: Awaited<ReturnType<typeof verifySession>>;
  digest: string;
  checks: Awaited<ReturnType<typeof answerChecks>>;
  signature: NonNullable<Receipt['orgn']['provider_signature']>;
}

function receiptOf({ session, digest, checks, signature }: Made): UnsignedReceipt {
  const offset = madeRequest.indexOf('near_qwen3_30b');
  const modelAt = wireAnswer.indexOf('Qwen/Qwen3-30B');
  return {
    api_version: 'aci/1',
    receipt_id: '01a22280-2e9a-73e2-867c-f67c02ddac92',
    chat_id: 'chatcmpl-1',
    endpoint: '/v1/chat/completions',
    method: 'POST',
    model: 'near_qwen3_30b',
    served_at: at / 1_000,
    event_log: [
      { type: 'request.received', body_hash: digestOf(madeRequest, crypto) },
      { type: 'request.forwarded', body_hash: digestOf(forwarded, crypto) },
      {
        type: 'upstream.verified',
        result: 'verified',
        required: true,
        model_id: 'Qwen/Qwen3-30B',
        session_id: digest.slice(7),
      },
      { type: 'response.returned', body_hash: digestOf(madeResponse, crypto) },
    ],
    orgn: {
      format: 1,
      status: 'verified',
      reason: null,
      gateway_build: '0.1.0',
      verifier: 'orgn-attestation/1',
      execution: 'tee',
      provider: 'near',
      upstream_model: 'Qwen/Qwen3-30B',
      answer: 'complete',
      translated: false,
      times: { received: at, answered: at + 5, issued: at + 9 },
      response_received: digestOf(wireAnswer, crypto),
      request_cuts: [],
      request_edits: [{ at: offset, length: 14, put: 'Qwen/Qwen3-30B' }],
      response_edits: [{ at: modelAt, cut: 'Qwen/Qwen3-30B', put: 'near_qwen3_30b' }],
      channel: 'key_attested',
      spki_sha256: session.facts.tlsSpkiSha256,
      session: { evidence: digest, verified_at: at, verdict: copy(session.verdict), checks: copy(session.checks) },
      session_after: null,
      policy: copy(testPolicy),
      provider_signature: signature,
      checks: copy(checks),
      development_root: session.facts.developmentRoot,
      zdr: null,
      log_salt: randomBytes(32).toString('hex'),
    },
  };
}

/** The receipt among six others. */
function logOf(receipt: Receipt, signer: ReceiptSigner, publicKey: Uint8Array): Bundle['log'] {
  const index = 4;
  const leaves = Array.from({ length: 7 }, (_, at) =>
    leafHash(at === index ? leafOf(receipt, crypto) : randomBytes(32), crypto),
  );
  const root = Buffer.from(rootOf(leaves, crypto)).toString('hex');
  const checkpoint = signCheckpoint({ origin, size: 7, root }, signer, publicKey, crypto);
  const proof = inclusionProof(index, leaves, crypto).map((hash) => Buffer.from(hash).toString('hex'));
  return { index, tree_size: 7, proof, checkpoint };
}

/** Types of the library are for reading only, those of the form are not. */
function copy<Form>(value: unknown): Form {
  return structuredClone(value) as Form;
}
