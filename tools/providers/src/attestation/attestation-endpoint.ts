import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { aciReport, chutesReport, nearReport, phalaReport, type SigningAlgorithm } from '@orgn/evidence';
import { Refusal } from '../http/refusal.ts';
import type { AnswerSignatures } from './answer-signatures.ts';
import type { Machine } from './machine.ts';

export interface AttestationParts {
  readonly machine: Machine;
  readonly signatures: AnswerSignatures;
  /** Whose reports it makes. */
  readonly form: 'near' | 'phala';
}

/** What a confidential machine tells of itself and of its answers, below its provider's `/v1/`. None of it takes a prompt. */
export class AttestationEndpoint {
  readonly #parts: AttestationParts;

  constructor(parts: AttestationParts) {
    this.#parts = parts;
  }

  /** @returns false when the path is none of these */
  answer(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const make = request.method === 'GET' ? this.#makerOf(path) : undefined;
    if (!make) return false;
    request.resume();
    const query = new URL(request.url ?? '/', 'http://simulator').searchParams;
    try {
      reply(response, 200, make(request, query));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reply(response, error.status, {
        error: { message: error.message, type: error.detail.type ?? 'invalid_request' },
      });
    }
    return true;
  }

  #makerOf(path: string): ((request: IncomingMessage, query: URLSearchParams) => object) | undefined {
    if (path === 'attestation/report') return (request, query) => this.#report(request, query);
    if (path === 'aci/attestation') return (request, query) => this.#aciReport(request, query);
    const chatId = /^signature\/([\w-]{1,128})$/.exec(path)?.[1];
    return chatId === undefined ? undefined : (_request, query) => this.#signature(chatId, query);
  }

  #report(request: IncomingMessage, query: URLSearchParams): object {
    const { machine, form } = this.#parts;
    const { fault } = machine;
    const nonce = this.#nonceOf(query);
    const algorithm = algorithmOf(query);
    const enclave = machine.instanceOn(request.socket);
    const wanted = query.get('signing_address')?.toLowerCase();
    if (wanted && wanted !== enclave.keysUnder(fault).address(algorithm)) {
      throw new Refusal(404, 'Signing address not found on this server');
    }
    if (fault === 'chutes_shaped_answer') return chutesReport(enclave);
    const isTlsBound = query.get('include_tls_fingerprint') === 'true' || query.get('version') === '2';
    const tlsSpkiSha256 = isTlsBound ? machine.attestedTls.spkiSha256 : undefined;
    const make = form === 'near' ? nearReport : phalaReport;
    return make(enclave, { nonce, algorithm, tlsSpkiSha256, fault });
  }

  #aciReport(request: IncomingMessage, query: URLSearchParams): object {
    const { machine } = this.#parts;
    const nonce = this.#nonceOf(query);
    const { fault, attestedTls } = machine;
    const enclave = machine.instanceOn(request.socket);
    if (fault === 'chutes_shaped_answer') return chutesReport(enclave);
    const notAfter = Math.floor(Date.now() / 1_000) + 86_400;
    return aciReport(enclave, { nonce, domain: 'localhost', tlsSpkiSha256: attestedTls.spkiSha256, notAfter, fault });
  }

  #signature(chatId: string, query: URLSearchParams): object {
    const { signatures, machine } = this.#parts;
    const signed = signatures.sign(chatId, algorithmOf(query), machine.fault);
    if (signed) return signed;
    throw new Refusal(404, 'Chat id not found or expired', { type: 'not_found' });
  }

  /** The caller's, or one of our own when there is none. */
  #nonceOf(query: URLSearchParams): string {
    const nonce = query.get('nonce') ?? randomBytes(32).toString('hex');
    if (!/^[0-9a-f]{64}$/i.test(nonce)) throw new Refusal(400, 'nonce must be 64 hex characters');
    this.#parts.machine.remember(nonce.toLowerCase());
    return nonce.toLowerCase();
  }
}

function algorithmOf(query: URLSearchParams): SigningAlgorithm {
  const algorithm = query.get('signing_algo') ?? 'ecdsa';
  if (algorithm === 'ecdsa' || algorithm === 'ed25519') return algorithm;
  throw new Refusal(400, 'Invalid signing algorithm. Must be ed25519 or ecdsa');
}

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
