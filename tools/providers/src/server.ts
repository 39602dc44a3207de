import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { TlsIdentity } from '@orgn/evidence';
import { Confidential, type ConfidentialHost } from './attestation/confidential.ts';
import type { Machine } from './attestation/machine.ts';
import { ControlEndpoint } from './control/control-endpoint.ts';
import { Control } from './control/control-state.ts';
import { Ledger } from './control/ledger.ts';
import { answerers } from './endpoints.ts';
import { ProviderEndpoint } from './exchange/provider-endpoint.ts';
import { forEachProvider, isProviderName, wires, type ProviderName } from './providers.ts';

// Longer than any gateway keeps an idle connection, so that the simulator never closes one just as it is used.
const keepAliveMs = 120_000;
// What open streams get to end by themselves at a stop.
const stopGraceMs = 100;

/** A party that has a TLS server of its own: the confidential machines, and the makers of their hardware. */
export const tlsParties = ['near', 'phala', 'makers'] as const;
export type TlsParty = (typeof tlsParties)[number];

/** The simulator's servers; none of them listens yet. All answer every path, but a machine's report names its own key. */
export interface Simulator {
  readonly http: Server;
  readonly tls: Readonly<Record<TlsParty, TlsServer>>;
  /** Certificate of the makers' server in PEM: nobody else signed it. */
  readonly makersCertificate: string;
}

export function createSimulator(): Simulator {
  const confidential = new Confidential((name) => controls[name].show().attestation);
  const controls: Record<ProviderName, Control> = forEachProvider((name) => new Control(() => changed(name)));
  const ledgers = forEachProvider(() => new Ledger());
  const answer = answering({ controls, ledgers, confidential });
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response).catch((error: unknown) => {
      // Mostly a client that left in the middle of its request. The text of an error may quote what was sent: only
      // its kind is written.
      if (!response.destroyed) log({ level: 'error', msg: 'request failed', error: kindOf(error) });
      response.destroy();
    });
  };
  const secure = ({ key, cert }: TlsIdentity) =>
    createTlsServer({ key, cert, keepAliveTimeout: keepAliveMs }, listener);
  const { near, phala } = confidential.hosts;
  const tls = {
    near: secure(near.machine.servedTls),
    phala: secure(phala.machine.servedTls),
    makers: secure(confidential.makersTls),
  };
  function changed(name: ProviderName): void {
    if (name === 'near' || name === 'phala') present(tls[name], confidential.hosts[name].machine);
  }
  const http = createServer({ keepAliveTimeout: keepAliveMs }, listener);
  return { http, tls, makersCertificate: confidential.makersTls.cert };
}

/** The simulator as an HTTP server that does not listen yet. */
export function createProviders(): Server {
  return createSimulator().http;
}

interface Parts {
  readonly controls: Record<ProviderName, Control>;
  readonly ledgers: Record<ProviderName, Ledger>;
  readonly confidential: Confidential;
}

function answering({ controls, ledgers, confidential }: Parts) {
  const control = new ControlEndpoint(controls, ledgers);
  const { near, phala } = confidential.hosts;
  const hosts: Partial<Record<ProviderName, ConfidentialHost>> = { near, phala };
  const providers = forEachProvider((name) => {
    const parts = { wire: wires[name], control: controls[name], ledger: ledgers[name], answerers };
    return new ProviderEndpoint({ ...parts, ...(hosts[name] && { confidential: hosts[name] }) });
  });
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [first, second = '', ...rest] = stepsOf(request);
    if (isProviderName(first) && second === 'v1') return providers[first].answer(request, response, rest.join('/'));
    if (first === 'control') return control.answer(request, response, [second, ...rest].join('/'));
    if (await confidential.makers.answer(request, response)) return;
    request.resume();
    if (`${request.method} ${first}` === 'GET health') json(response, 200, health());
    else json(response, 404, notFound);
  };
}

/** A machine may have another TLS key than before: connections that are idle end, and new ones get that. */
function present(server: TlsServer, { servedTls: { key, cert } }: Machine): void {
  server.setSecureContext({ key, cert });
  server.closeIdleConnections();
}

/** Stops listening, lets answers in progress go on for a moment and then breaks them off. */
export async function stop(server: Server | TlsServer): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), stopGraceMs);
  await closed;
  clearTimeout(timer);
}

/** Writes one line of JSON; never give it what a caller sent. */
export function log(entry: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ service: 'providers', ...entry })}\n`);
}

/** The steps of the path that was asked for. */
function stepsOf({ url = '/' }: IncomingMessage): string[] {
  return url.replace(/\?.*$/s, '').split('/').slice(1);
}

const notFound = { error: { message: 'Not found', type: 'not_found', param: null, code: null } };

function health(): object {
  return { status: 'ok', service: 'providers', pid: process.pid };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
