import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ControlEndpoint } from './control/control-endpoint.ts';
import { Control } from './control/control-state.ts';
import { Ledger } from './control/ledger.ts';
import { answerers } from './endpoints.ts';
import { ProviderEndpoint } from './exchange/provider-endpoint.ts';
import { forEachProvider, isProviderName, wires } from './providers.ts';

// Longer than any gateway keeps an idle connection, so that the simulator never closes one just as it is used.
const keepAliveMs = 120_000;
// What open streams get to end by themselves at a stop.
const stopGraceMs = 100;

/** The simulator as an HTTP server that does not listen yet. */
export function createProviders(): Server {
  const controls = forEachProvider(() => new Control());
  const ledgers = forEachProvider(() => new Ledger());
  const control = new ControlEndpoint(controls, ledgers);
  const providers = forEachProvider(
    (name) => new ProviderEndpoint({ wire: wires[name], control: controls[name], ledger: ledgers[name], answerers }),
  );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, first, second = '', ...rest] = (request.url ?? '/').replace(/\?.*$/s, '').split('/');
    if (isProviderName(first) && second === 'v1') return providers[first].answer(request, response, rest.join('/'));
    if (first === 'control') return control.answer(request, response, [second, ...rest].join('/'));
    request.resume();
    if (first === 'health' && request.method === 'GET') {
      json(response, 200, health());
      return;
    }
    json(response, 404, { error: { message: 'Not found', type: 'not_found', param: null, code: null } });
  }

  const server = createServer({ keepAliveTimeout: keepAliveMs }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      // Mostly a client that left in the middle of its request. The text of an error may quote what was sent: only
      // its kind is written.
      if (!response.destroyed) log({ level: 'error', msg: 'request failed', error: kindOf(error) });
      response.destroy();
    });
  });
  return server;
}

/** Stops listening, lets answers in progress go on for a moment and then breaks them off. */
export async function stop(server: Server): Promise<void> {
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

function health(): object {
  return { status: 'ok', service: 'providers', pid: process.pid };
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function kindOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
