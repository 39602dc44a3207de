import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GRANT_HEADER, GRANTED_REQUEST_HEADER, requestId, type openPlayground, type ReplyOf } from '@orgn/contracts';
import { admit, InternalTls, ServiceLog } from '@orgn/service-kit';
import type { FastifyInstance } from 'fastify';
import { GatewayConfig } from '../config.ts';
import { noteGrant } from '../edge/granted-request.ts';

const TOKEN_SECONDS = 60;
/** Connections of all auths together. */
const MAX_CONNECTIONS = 1_024;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
/** All that the playground asks. */
const PATH = '/v1/chat/completions';

interface Token {
  text: string;
  endsAt: number;
}

/**
 * Auth's own door to this gateway. What comes through it is a request like any other, with a grant in the place of a key; no
 * caller can come this way: under INTERNAL_TLS only auth's certificate opens the connection, and always it takes a token that
 * auth alone may ask for on the bus.
 */
@Injectable()
export class PlaygroundHost implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #server: Server | undefined;
  #tokens: Token[] = [];

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: GatewayConfig,
    private readonly tls: InternalTls,
    private readonly log: ServiceLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const take = (request: IncomingMessage, response: ServerResponse) => this.#take(request, response);
    const requestTimeout = 2 * this.config.REQUEST_TIMEOUT_MS;
    const limits = { requestTimeout, headersTimeout: Math.min(10_000, requestTimeout) };
    const server = this.tls.isOn
      ? createTlsServer({ ...limits, ...this.tls.asServer() }, take)
      : createServer(limits, take);
    if (this.tls.isOn) admit(server as unknown as TlsServer, 'auth', { tls: this.tls, log: this.log });
    server.maxConnections = MAX_CONNECTIONS;
    server.listen(this.config.PLAYGROUND_PORT, this.config.PLAYGROUND_HOST);
    await once(server, 'listening');
    this.#server = server;
  }

  beforeApplicationShutdown(): void {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    // Answers under way are ended as those of the API host are.
    server.close();
    server.closeIdleConnections();
  }

  /** @returns where it is and what opens it for a minute; undefined while it is not open */
  open(): Omit<ReplyOf<typeof openPlayground>, 'gateway'> | undefined {
    if (!this.#server) return undefined;
    const now = performance.now();
    const token = { text: randomBytes(32).toString('base64url'), endsAt: now + TOKEN_SECONDS * 1_000 };
    this.#tokens = [...this.#tokens.filter(({ endsAt }) => endsAt > now), token].slice(-1_000);
    const { port } = this.#server.address() as AddressInfo;
    const { PLAYGROUND_ADDRESS: address = this.config.PLAYGROUND_HOST } = this.config;
    const url = `${this.tls.isOn ? 'https' : 'http'}://${address}:${port}`;
    return { url, token: token.text, tokenSeconds: TOKEN_SECONDS };
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { authorization = '', [GRANT_HEADER]: secret, [GRANTED_REQUEST_HEADER]: id } = request.headers;
    const named = requestId.safeParse(id);
    const isGood = typeof secret === 'string' && SECRET.test(secret) && named.success && isPlayground(request);
    if (!isGood || !this.#isOpenTo(authorization.replace(/^Bearer /, ''))) {
      response.writeHead(404, { 'content-type': 'text/plain', connection: 'close' }).end('Nothing is here.\n');
      return;
    }
    noteGrant(request, { digest: createHash('sha256').update(secret).digest('base64url'), requestId: named.data });
    Object.assign(request.headers, {
      authorization: undefined,
      cookie: undefined,
      'x-api-key': undefined,
      [GRANT_HEADER]: undefined,
    });
    this.host.httpAdapter.getInstance<FastifyInstance>().routing(request, response);
  }

  #isOpenTo(token: string): boolean {
    const now = performance.now();
    const isSame = (text: string) =>
      text.length === token.length && timingSafeEqual(Buffer.from(text), Buffer.from(token, 'latin1'));
    return this.#tokens.some(({ text, endsAt }) => endsAt > now && isSame(text));
  }
}

function isPlayground({ method, url }: IncomingMessage): boolean {
  return method === 'POST' && url === PATH;
}
