import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { asBuffer, joined, lengthOf, ownMemory, WorkerPool, workerScript } from '@orgn/service-kit';
import type { Executed } from '../seals/team-seals.ts';
import type { AnswerIdentity, Endpoint, Incoming, InferenceRequest, KnownRequest, RequestFacts } from './endpoint.ts';
import type { JobWithout, ReadingJob } from './reading.worker.ts';
import { readWhole, type AnswerOrigin, type WholeAnswer } from './whole-answer.ts';

/** Bytes from which something is read in a thread of its own: below, the longest reading is shorter than it is noticed. */
export const LARGE_BYTES = 64 * 1024;

/** A request as it was posted. */
export interface Posted extends Omit<Incoming, 'body'> {
  /** In pieces. */
  body: readonly Buffer[];
}

/** A request, and what is known of it for a thread that reads its answer. */
interface Known {
  endpoint: Endpoint;
  incoming: Posted;
  facts: RequestFacts;
  request: KnownRequest;
}

/** Reads small requests and answers at once, and large ones where they do not hold up the others. */
@Injectable()
export class ReadingThreads implements OnApplicationShutdown {
  readonly #pool = new WorkerPool<ReadingJob, unknown>(workerScript('./reading.worker', import.meta.url));

  /**
   * @param incoming its body is gone afterwards if it is large
   * @throws ServiceError when the request is not one that may be sent; `service_unavailable` when too many large ones wait
   */
  async read(endpoint: Endpoint, incoming: Posted): Promise<InferenceRequest> {
    const facts = await this.#factsOf(endpoint, incoming);
    let original = facts.translated?.original;
    const readFor = async (executed: Executed) => {
      if (!original) throw new RangeError('nothing in the request is for one model only');
      const again = await this.#factsOf(endpoint, { ...incoming, body: [original] }, executed);
      original = again.translated?.original;
      return again;
    };
    const request = endpoint.toRequest(facts, { seals: incoming.seals, readFor });
    const known = { endpoint, incoming, facts: withoutBytes(facts), request };
    return {
      ...request,
      readWhole: (sent, origin) => this.#readWhole(known, sent, origin),
      translateWhole: (answer, identity) => this.#translateWhole(known, answer, identity),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.stop();
  }

  async #factsOf(endpoint: Endpoint, incoming: Posted, executed?: Executed): Promise<RequestFacts> {
    const { body, contentType, seals } = incoming;
    if (lengthOf(body) < LARGE_BYTES) return endpoint.read({ ...incoming, body: joined(body) }, executed);
    const what = { does: 'request', path: endpoint.path, contentType, executed } as const;
    return asBuffers((await this.#run({ ...what, seals: seals.keys }, body)) as RequestFacts);
  }

  async #readWhole({ endpoint, incoming, facts, request }: Known, sent: readonly Buffer[], origin: AnswerOrigin) {
    if (lengthOf(sent) < LARGE_BYTES) return readWhole(request.answer, joined(sent), origin);
    const what = { does: 'answer', path: endpoint.path, facts, origin } as const;
    const whole = await this.#run({ ...what, seals: incoming.seals.keys }, sent);
    return { ...(whole as WholeAnswer), body: asBuffer((whole as WholeAnswer).body) };
  }

  async #translateWhole(
    { endpoint, incoming, facts, request }: Known,
    answer: readonly Buffer[],
    identity: AnswerIdentity,
  ) {
    if (lengthOf(answer) < LARGE_BYTES) return translated(request, joined(answer), identity);
    const what = { does: 'translation', path: endpoint.path, facts, identity: toPlain(identity) } as const;
    return asBuffer((await this.#run({ ...what, seals: incoming.seals.keys }, answer)) as Uint8Array);
  }

  /** @param pieces of what is read; they are joined in the thread, and gone here */
  #run(job: JobWithout<'pieces'>, pieces: readonly Buffer[]): Promise<unknown> {
    const moved = pieces.map(ownMemory);
    return this.#pool.run({ ...job, pieces: moved }, moved);
  }
}

const translated = ({ answer }: KnownRequest, sent: Buffer, identity: AnswerIdentity) =>
  answer.translation?.toAnswer(sent, identity) ?? sent;

/** Where it runs, by name: what else is known of a model need not move. */
function toPlain({ requestId, model, executed: { execution, provider, id }, promptEstimate }: AnswerIdentity) {
  return { requestId, model, executed: { execution, provider, id }, promptTokens: promptEstimate() };
}

/** As much of the facts as an answer is read by. */
function withoutBytes({ translated, ...facts }: RequestFacts): RequestFacts {
  const light = { ...facts, body: Buffer.alloc(0), members: [], sample: undefined };
  return translated
    ? { ...light, parsed: undefined, translated: { ...translated, original: undefined, seals: [] } }
    : light;
}

function asBuffers({ translated, ...facts }: RequestFacts): RequestFacts {
  const body = asBuffer(facts.body);
  if (!translated) return { ...facts, body };
  const original = translated.original && asBuffer(translated.original);
  return { ...facts, body, translated: { ...translated, original } };
}
