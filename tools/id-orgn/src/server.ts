import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { errors } from 'oidc-provider';
import type { Provider } from 'oidc-provider';
import { sendExpired, signIn } from './sign-in.ts';

// What open requests get to end by themselves at a stop.
const stopGraceMs = 100;

/** The identity provider and its sign-in page as an HTTP server that does not listen yet. */
export function createIdOrgn(provider: Provider): Server {
  const answerProtocol = provider.callback() as RequestListener;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    if (path === '/health' && request.method === 'GET') sendHealth(response);
    else if (path.startsWith('/interaction/')) await signIn(provider, request, response);
    else answerProtocol(request, response);
  }

  return createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) {
        sendExpired(response);
        return;
      }
      // Errors of requests may quote codes and tokens: only their kind is written.
      log({ level: 'error', msg: 'request failed', error: error instanceof Error ? error.name : typeof error });
      response.destroy();
    });
  });
}

/** Stops listening and breaks off what does not end by itself. */
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
  process.stdout.write(`${JSON.stringify({ service: 'id-orgn', ...entry })}\n`);
}

function sendHealth(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ status: 'ok', service: 'id-orgn', pid: process.pid }));
}
