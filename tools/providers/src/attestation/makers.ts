import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  collateralFaultsOf,
  nrasFaultOf,
  type CollateralFaults,
  type Intel,
  type Nras,
  type NvidiaPayload,
  type SignedStatement,
} from '@orgn/evidence';
import { parseObject, readBody } from '../http/read-body.ts';
import { Refusal } from '../http/refusal.ts';
import type { Machine } from './machine.ts';

const longestEvidenceBytes = 4 * 1024 * 1024;

interface Answer {
  readonly body: string | Buffer;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The services of the makers of processors and GPUs: Intel's PCS (and a PCCS), NVIDIA's NRAS and its key set. */
export class Makers {
  readonly #nras: Nras;
  readonly #machines: readonly [Machine, ...Machine[]];
  readonly #questions: ReadonlyMap<string, (query: URLSearchParams) => Answer> = new Map([
    ['GET /tdx/certification/v4/tcb', (query: URLSearchParams) => this.#tcb(query)],
    ['GET /tdx/certification/v4/qe/identity', () => this.#qeIdentity()],
    ['GET /sgx/certification/v4/pckcrl', (query: URLSearchParams) => this.#pckCrl(query)],
    ['GET /sgx/certification/v4/rootcacrl', () => text(this.#intel.rootCrl().toString('hex'))],
    ['GET /IntelSGXRootCA.der', () => ({ body: this.#intel.rootCrl(), type: 'application/pkix-crl' })],
    ['GET /.well-known/jwks.json', () => json(this.#nras.jwks())],
  ]);

  constructor(nras: Nras, machines: readonly [Machine, ...Machine[]]) {
    this.#nras = nras;
    this.#machines = machines;
  }

  /** @returns false when the path is none of these */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://simulator');
    const question = `${request.method} ${pathname}`;
    const ask = this.#questions.get(question);
    if (!ask && question !== 'POST /v3/attest/gpu') return false;
    try {
      send(response, ask ? ask(searchParams) : this.#attest(await readBody(request, longestEvidenceBytes)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(error.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: error.message }));
    }
    request.resume();
    return true;
  }

  get #intel(): Intel {
    return this.#machines[0].intel;
  }

  /** What is wrong with any machine's statements that are about all machines. */
  get #faults(): CollateralFaults {
    return Object.assign({}, ...this.#machines.map(({ fault }) => collateralFaultsOf(fault))) as CollateralFaults;
  }

  #tcb(query: URLSearchParams): Answer {
    const fmspc = query.get('fmspc')?.toLowerCase();
    const machine = this.#machines.find(({ intel }) => intel.platform.fmspc.toString('hex') === fmspc);
    if (!machine) throw new Refusal(404, 'Resource not found');
    const info = machine.intel.tcbInfo(collateralFaultsOf(machine.fault).tcb);
    return statement('tcbInfo', info, 'TCB-Info-Issuer-Chain');
  }

  #qeIdentity(): Answer {
    const identity = this.#intel.qeIdentity(this.#faults.isQeIdentityForged);
    return statement('enclaveIdentity', identity, 'SGX-Enclave-Identity-Issuer-Chain');
  }

  #pckCrl(query: URLSearchParams): Answer {
    const revoked = this.#machines.filter(({ fault }) => fault === 'revoked_pck').map(({ intel }) => intel.pckSerial);
    const list = this.#intel.pckCrlOf(revoked, this.#faults.pckCrl);
    const headers = { 'SGX-PCK-CRL-Issuer-Chain': encodeURIComponent(this.#intel.pckIssuerChain()) };
    if (query.get('encoding') === 'der') return { body: list, type: 'application/pkix-crl', headers };
    return { ...text(list.toString('hex')), headers };
  }

  #attest(body: Buffer): Answer {
    const payload = parseObject(body) as unknown as NvidiaPayload;
    const isWhole = typeof payload.nonce === 'string' && Array.isArray(payload.evidence_list);
    if (!isWhole) throw new Refusal(400, 'nonce and evidence_list are needed');
    const machine = this.#machines.find((one) => one.hasReported(payload.nonce));
    return json(this.#nras.attest(payload, nrasFaultOf(machine?.fault)));
  }
}

/** A statement as Intel serves it: its exact text with the signature beside it, and who signed it in a header. */
function statement(name: string, { text: said, signature, issuerChain }: SignedStatement, header: string): Answer {
  const headers = { [header]: encodeURIComponent(issuerChain) };
  return { body: `{"${name}":${said},"signature":"${signature}"}`, type: 'application/json', headers };
}

function json(value: object): Answer {
  return { body: JSON.stringify(value), type: 'application/json' };
}

function text(body: string): Answer {
  return { body, type: 'text/plain' };
}

function send(response: ServerResponse, { body, type, headers = {} }: Answer): void {
  response.writeHead(200, { 'content-type': type, ...headers }).end(body);
}
