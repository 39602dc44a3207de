import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';

/** A request below what `fetch` allows: on counted connections, and with a body that comes in parts. */
export interface WireRequest {
  method?: string;
  key: string;
  agent?: Agent;
  /** Announced in whole before its first part is sent. */
  body?: string;
}

/** Sends a request without a body. @returns its status, once the answer was read to its end */
export async function send(url: string, options: WireRequest): Promise<number> {
  const sent = open(url, options);
  const answered = statusOf(sent);
  sent.end();
  return answered;
}

/** A request whose body stops half-way until `finish` is called. */
export class SlowRequest {
  /** The answer's status; 0 when the connection broke. */
  readonly status: Promise<number>;
  readonly #sent: ClientRequest;
  readonly #rest: string;

  constructor(url: string, options: WireRequest & { body: string }) {
    const half = Math.floor(options.body.length / 2);
    this.#sent = open(url, { method: 'POST', ...options });
    this.status = statusOf(this.#sent).catch(() => 0);
    this.#sent.write(options.body.slice(0, half));
    this.#rest = options.body.slice(half);
  }

  finish(): void {
    this.#sent.end(this.#rest);
  }
}

/** Connections that are kept, so many at most. */
export function connections(count: number): Agent {
  return new Agent({ keepAlive: true, maxSockets: count });
}

function open(url: string, { method = 'GET', key, agent, body }: WireRequest): ClientRequest {
  return request(url, {
    method,
    agent,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
    },
  });
}

async function statusOf(sent: ClientRequest): Promise<number> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response.statusCode ?? 0;
}
