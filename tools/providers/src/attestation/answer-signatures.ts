import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Enclave, Fault, SigningAlgorithm } from '@orgn/evidence';

/** An answer that ran to its end, by digests of the exact bytes in hex. */
export interface SignableAnswer {
  readonly chatId: string;
  readonly model: string;
  readonly requestSha256: string;
  readonly responseSha256: string;
  /** Who served it. */
  readonly enclave: Enclave;
}

/** `two-part`: without the model, as dstack's older proxies sign. */
export type SignedForm = 'with model' | 'two-part';

const mostAnswers = 20_000;
/** How long an enclave keeps what it can sign. */
const keptMs = 1_200_000;
const lateMs = 3_000;

/** What an enclave can sign of the answers that it gave. */
export class AnswerSignatures {
  readonly #form: SignedForm;
  readonly #answers = new Map<string, SignableAnswer & { at: number }>();

  constructor(form: SignedForm) {
    this.#form = form;
  }

  /** What is signed as the request: the hash of its body, or, in the older form, whatever hash the client says. */
  requestHash(headers: IncomingHttpHeaders, bodySha256: string): string {
    const said = this.#form === 'two-part' ? headers['x-request-hash'] : undefined;
    return typeof said === 'string' ? said : bodySha256;
  }

  keep(answer: SignableAnswer): void {
    this.#answers.set(answer.chatId, { ...answer, at: Date.now() });
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > mostAnswers && oldest !== undefined) this.#answers.delete(oldest);
  }

  /** `GET /v1/signature/<chat id>`; undefined when there is none, for now or for ever. */
  sign(chatId: string, algorithm: SigningAlgorithm, fault?: Fault): object | undefined {
    const answer = this.#answers.get(chatId);
    if (!answer || fault === 'signature_missing') return undefined;
    const age = Date.now() - answer.at;
    if (age > keptMs || (fault === 'signature_late' && age < lateMs)) return undefined;
    const text = this.#textOf(answer, fault);
    const keys = answer.enclave.keysUnder(fault);
    const signature = keys.sign(algorithm, text);
    return { text, signature, signing_address: keys.address(algorithm), signing_algo: algorithm };
  }

  #textOf({ model, requestSha256, responseSha256 }: SignableAnswer, fault?: Fault): string {
    const response = fault === 'signature_for_other_bytes' ? hash('sha256', `not ${responseSha256}`) : responseSha256;
    const hashes = `${requestSha256}:${response}`;
    return this.#form === 'two-part' ? hashes : `${model}:${hashes}`;
  }
}
