import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { answerChecks, type Check, type SignedAnswer } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { signReceipt, type Receipt, type ReceiptStatus, type UnsignedReceipt } from '@orgn/receipts';
import type { Lease } from '../attestation/sessions.service.ts';
import { RouterConfig } from '../config.ts';
import type { ExchangeWitness } from '../exchange/exchange-witness.ts';
import type { Target } from '../exchange/target.ts';
import { chatIdOf } from './chat-id.ts';
import { explainEdits } from './explain-edits.ts';
import { sessionRecordOf, shared } from './session-record.ts';
import { SignatureClient } from './signature.client.ts';

const BUILD = '0.1.0';
const VERIFIER = 'orgn-attestation/1';

/** What was seen of an exchange once it is over. */
interface Seen {
  readonly witness: ExchangeWitness;
  readonly target: Target;
  readonly lease: Lease | undefined;
  readonly answer: Answer;
}

/** Of an answer, what its receipt tells. */
interface Answer {
  /** Digests of what the provider sent, and of what the caller got. */
  readonly wire: string | null;
  readonly shown: string | null;
  readonly chatId: string | null;
  readonly edits: OfEdits['response_edits'];
}

interface Facts extends Seen {
  readonly received: string;
  readonly forwarded: string;
  readonly signature: SignedAnswer | null;
  readonly checks: readonly Check[];
}

/** Writes and signs the receipt of one exchange. */
@Injectable()
export class ReceiptWriter {
  constructor(
    private readonly config: RouterConfig,
    private readonly signatures: SignatureClient,
  ) {}

  /** Whether there is anything to sign receipts with. */
  get isOn(): boolean {
    return this.config.RECEIPT_KEYS !== undefined;
  }

  /** @returns undefined where nothing was asked of any provider, or receipts are off */
  async write(witness: ExchangeWitness): Promise<Receipt | undefined> {
    const [key] = this.config.RECEIPT_KEYS ?? [];
    const facts = key && (await this.#factsOf(witness));
    return facts && signReceipt(receiptOf(facts), key);
  }

  async #factsOf(witness: ExchangeWitness): Promise<Facts | undefined> {
    const { target, forwarded, attestation } = witness;
    if (!target || !forwarded) return undefined;
    const lease = attestation?.lease;
    const seen = { witness, target, lease, answer: answerOf(witness) };
    const signature = await this.#signatureOf(seen);
    const known = { ...seen, received: await witness.received, forwarded: await forwarded, signature };
    return { ...known, checks: lease ? await checksOf(known, lease) : [] };
  }

  async #signatureOf({ witness, target, lease, answer: { chatId } }: Seen): Promise<SignedAnswer | null> {
    if (!lease || chatId === null || !witness.isComplete) return null;
    return this.signatures.signatureOf(target.model.provider, chatId, target.model.upstream);
  }
}

/** Its bytes are let go with this: signatures may take seconds. */
function answerOf(witness: ExchangeWitness): Answer {
  const [wire, shown] = [witness.wire.end(), witness.shown.end()];
  const { isComplete, isStream } = witness;
  const edits = isComplete && wire.bytes && shown.bytes ? explainEdits(wire.bytes, shown.bytes, isStream) : null;
  witness.release();
  return { wire: wire.digest, shown: shown.digest, chatId: chatIdOf(wire.head), edits };
}

function checksOf(
  { signature, forwarded, answer, target }: Omit<Facts, 'checks'>,
  { session }: Lease,
): Promise<Check[]> {
  const exchange = {
    requestHash: plain(forwarded),
    responseHash: plain(answer.wire ?? ''),
    model: target.model.upstream,
  };
  return answerChecks(signature, exchange, session.verified.facts.signers, nodeCrypto);
}

const plain = (digest: string) => digest.slice('sha256:'.length);

function receiptOf(facts: Facts): UnsignedReceipt {
  const { witness, target, lease, received, forwarded, answer } = facts;
  return {
    api_version: 'aci/1',
    receipt_id: witness.requestId,
    chat_id: answer.chatId,
    endpoint: `/v1${witness.endpoint}`,
    method: 'POST',
    model: target.model.id,
    served_at: Math.floor(witness.answeredAt / 1_000),
    event_log: [
      { type: 'request.received', body_hash: received },
      { type: 'request.forwarded', body_hash: forwarded },
      upstreamEvent(lease, target.model.upstream),
      { type: 'response.returned', body_hash: answer.shown },
    ],
    orgn: extensionOf(facts),
  };
}

function upstreamEvent(lease: Lease | undefined, modelId: string): UnsignedReceipt['event_log'][2] {
  const event = { type: 'upstream.verified', model_id: modelId } as const;
  if (!lease) return { ...event, required: false, result: 'failed', reason: 'no enclave was verified' };
  return { ...event, required: true, result: 'verified', session_id: plain(lease.session.id) };
}

function extensionOf(facts: Facts): UnsignedReceipt['orgn'] {
  const { witness, target, lease, answer, signature, checks } = facts;
  const { execution, provider, upstream } = target.model;
  return {
    format: 1,
    ...statusOf(facts),
    gateway_build: BUILD,
    verifier: VERIFIER,
    ...{ execution, provider, upstream_model: upstream },
    answer: witness.isComplete ? 'complete' : 'partial',
    times: { received: witness.receivedAt, answered: witness.answeredAt, issued: Date.now() },
    response_received: answer.wire,
    ...editsOf(facts),
    ...sessionOf(lease),
    session_after: null,
    provider_signature: signature,
    checks: shared(checks),
    zdr: execution === 'zdr' ? { requested: true, routing: witness.routing, generation: answer.chatId } : null,
    log_salt: randomBytes(32).toString('hex'),
  };
}

type OfEdits = Pick<UnsignedReceipt['orgn'], 'translated' | 'request_cuts' | 'request_edits' | 'response_edits'>;

function editsOf({ witness: { splices, cuts }, answer }: Facts): OfEdits {
  return {
    translated: splices === undefined,
    request_cuts: cuts?.map((cut) => ({ ...cut, put: '' })) ?? null,
    request_edits: splices ? [...splices] : null,
    response_edits: answer.edits,
  };
}

type OfSession = Pick<UnsignedReceipt['orgn'], 'channel' | 'spki_sha256' | 'session' | 'policy' | 'development_root'>;

function sessionOf(lease: Lease | undefined): OfSession {
  if (!lease) return { channel: null, spki_sha256: null, session: null, policy: null, development_root: false };
  const { provider: _provider, ...record } = sessionRecordOf(lease.session);
  return { ...record, channel: lease.claim, development_root: lease.session.verified.facts.developmentRoot };
}

interface Standing {
  status: ReceiptStatus;
  reason: string | null;
}

function statusOf({ witness, target, lease, signature, checks }: Facts): Standing {
  if (target.model.execution !== 'tee')
    return unavailable('the provider promises by contract, and no enclave proves anything');
  if (!lease) return unavailable('no enclave was verified');
  if (!witness.isComplete) return unavailable('the answer broke off, and providers sign whole ones');
  if (!signature) return { status: 'pending', reason: 'the provider has not signed its answer' };
  const failed = checks.filter(({ status }) => status === 'fail').map(({ id }) => id);
  return failed.length > 0 ? { status: 'failed', reason: failed.join(', ') } : { status: 'verified', reason: null };
}

const unavailable = (reason: string): Standing => ({ status: 'unavailable', reason });
