import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Account } from './account.ts';
import { Api } from './api.ts';
import { Control } from './control.ts';
import { readBody } from './form.ts';
import { Refusal } from './objects.ts';
import { messagePage, payPage } from './pages.ts';
import { Webhooks, type Receiver } from './webhooks.ts';

export { signatureOf } from './webhooks.ts';
export type { Event, Session } from './objects.ts';

export interface StripeOptions {
  readonly secretKey: string;
  readonly receiver: Receiver;
  /** Where browsers reach its pages; asked when one is made. */
  readonly publicUrl: () => string;
  readonly livemode?: boolean;
}

/** What stands in for Stripe: the account, its webhooks, and an HTTP server that does not listen yet. */
export interface StripeStandIn {
  readonly account: Account;
  readonly webhooks: Webhooks;
  readonly server: Server;
}

export function createStripe({ secretKey, receiver, publicUrl, livemode = false }: StripeOptions): StripeStandIn {
  const webhooks = new Webhooks(receiver);
  const account = new Account((event) => webhooks.tell(event), publicUrl, livemode);
  const doors = { api: new Api(account), control: new Control(account, webhooks), account, secretKey };
  const server = createServer((request, response) => {
    answer(doors, request, response).catch((error: unknown) => {
      if (error instanceof Refusal) refuse(response, error);
      else response.destroy();
    });
  });
  return { account, webhooks, server };
}

/** Stops listening and breaks off what does not end by itself. */
export async function stop({ server, webhooks }: StripeStandIn): Promise<void> {
  webhooks.stop();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}

interface Doors {
  api: Api;
  control: Control;
  account: Account;
  secretKey: string;
}

async function answer(doors: Doors, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stripe');
  const [door = '', ...steps] = url.pathname.split('/').slice(1);
  const body = await readBody(request);
  if (door === 'pay') {
    pay(doors.account, { id: steps[0] ?? '', how: request.method === 'POST' ? body : undefined }, response);
  } else json(response, 200, await reply(doors, door, { request, url, steps, body }));
}

/** What is answered with JSON. @throws Refusal */
function reply(doors: Doors, door: string, call: Call): object | Promise<object> {
  if (door === 'v1') return ask(doors, call);
  if (door === 'control') return doors.control.answer(call.steps[0] ?? '', call.body);
  if (door === 'health') return { status: 'ok', service: 'stripe', pid: process.pid };
  throw new Refusal(404, 'There is nothing at this address.');
}

interface Call {
  request: IncomingMessage;
  url: URL;
  steps: readonly string[];
  body: string;
}

function ask({ api, secretKey }: Doors, { request, url, steps, body }: Call): object {
  if (request.headers.authorization !== `Bearer ${secretKey}`) throw new Refusal(401, 'Invalid API Key provided.');
  const key = request.headers['idempotency-key'];
  const idempotencyKey = typeof key === 'string' ? key : undefined;
  const { method = 'GET' } = request;
  return api.answer({ method, steps, query: url.searchParams, form: new URLSearchParams(body), idempotencyKey });
}

function pay(account: Account, { id, how }: { id: string; how: string | undefined }, response: ServerResponse): void {
  const session = account.session(id);
  const chosen = how === undefined ? undefined : new URLSearchParams(how).get('how');
  if (session.status !== 'open' || chosen === undefined) {
    html(response, session.status === 'open' ? payPage(session) : messagePage('This page is over'));
    return;
  }
  if (chosen !== 'leave') account.pay(id, chosen === 'card');
  response.writeHead(303, { location: chosen === 'leave' ? session.cancel_url : session.success_url }).end();
}

function refuse(response: ServerResponse, { status, message }: Refusal): void {
  json(response, status, { error: { type: 'invalid_request_error', message } });
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function html(response: ServerResponse, page: string): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
}
