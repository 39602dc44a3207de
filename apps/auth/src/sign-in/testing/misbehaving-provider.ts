import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

import type { Certificate } from './certificate.ts';

export const CLIENT_ID = 'orgn-console';
export const CLIENT_SECRET = 'secret-of-the-console-in-tests';

export interface SigningKey {
  kid: string;
  privateKey: CryptoKey;
  publicJwk: JWK;
}

/** What it does wrong until `behave` is called. What is not said, it does right. */
export interface Misbehaviour {
  /** Answers whatever is asked; false: as it should. */
  everything?(response: ServerResponse): boolean;
  discovery?(document: Record<string, unknown>): void;
  /** Changes the parameters that the browser brings back. */
  answer?(parameters: URLSearchParams): void;
  claims?(claims: JWTPayload): void;
  /** Makes the ID token itself. */
  sign?(claims: JWTPayload, provider: MisbehavingProvider): Promise<string> | string;
  /** Answers at the token endpoint instead of a token. */
  token?(response: ServerResponse): void;
  jwks?(keys: JWK[]): JWK[];
  userinfo?(claims: Record<string, unknown>): void;
}

interface Code {
  nonce: string | null;
  challenge: string | null;
  maxAge: string | null;
}

/** An OpenID provider that signs in whoever `person` names, speaks real HTTP, and does wrong what it is told to. */
export class MisbehavingProvider {
  /** @param tls speak https, by this certificate */
  static async start(tls?: Certificate): Promise<MisbehavingProvider> {
    const provider = new MisbehavingProvider(await newKey(), tls);
    await provider.listen();
    return provider;
  }

  wrong: Misbehaviour = {};
  person: Record<string, unknown> = {};
  /** Query of each authorization request. */
  readonly asked: URLSearchParams[] = [];
  keys: SigningKey[];
  #server: Server | undefined;
  #port = 0;
  readonly #codes = new Map<string, Code>();

  private constructor(
    key: SigningKey,
    private readonly tls: Certificate | undefined,
  ) {
    this.keys = [key];
    this.behave();
  }

  get issuer(): string {
    return `${this.tls ? 'https' : 'http'}://127.0.0.1:${this.#port}`;
  }

  get key(): SigningKey {
    return this.keys[0]!;
  }

  /** Does everything right again, for a person with this sub. */
  behave(sub = 'sub-1'): void {
    this.wrong = {};
    this.person = { sub, sid: `sid-of-${sub}`, email: `${sub}@orgn.test`, email_verified: true, name: 'Some Body' };
    this.keys = this.keys.slice(0, 1);
  }

  async listen(): Promise<void> {
    const handle = (request: IncomingMessage, response: ServerResponse) => {
      if (!this.wrong.everything?.(response)) void this.#handle(request, response);
    };
    const server = this.tls ? createTlsServer(this.tls, handle) : createServer(handle);
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async close(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((done) => this.#server?.close(done) ?? done(undefined));
  }

  /** Makes a new key and forgets the old one. */
  async rotate(): Promise<void> {
    this.keys = [await newKey()];
  }

  /** An ID token's claims as they should be. */
  claims(code: Code = { nonce: null, challenge: null, maxAge: null }): JWTPayload {
    const now = Math.floor(Date.now() / 1_000);
    const { nonce } = code;
    return {
      iss: this.issuer,
      aud: CLIENT_ID,
      iat: now,
      exp: now + 300,
      auth_time: now,
      ...(nonce && { nonce }),
      ...this.person,
    };
  }

  /** Signs as it should, by its current key unless told otherwise. */
  sign(claims: JWTPayload, header: Record<string, unknown> = {}, key = this.key): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid, ...header }).sign(key.privateKey);
  }

  unsigned(claims: JWTPayload): string {
    return new UnsecuredJWT(claims).encode();
  }

  /** Signs a logout token as the specification wants it, but for what is given. */
  logoutToken(claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
    const right = { iss: this.issuer, aud: CLIENT_ID, iat: now, exp: now + 120, jti: randomUUID(), events };
    return this.sign({ ...right, ...claims }, { typ: 'logout+jwt', ...header });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.issuer);
    if (pathname === '/.well-known/openid-configuration') sendJson(response, this.#discovery());
    else if (pathname === '/auth') response.writeHead(302, { location: this.codeFor(searchParams) }).end();
    else if (pathname === '/token') await this.#token(request, response);
    else if (pathname === '/jwks') sendJson(response, { keys: this.#jwks() });
    else if (pathname === '/userinfo') sendJson(response, this.#userinfo());
    else response.writeHead(404).end();
  }

  #discovery(): object {
    const document: Record<string, unknown> = {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/auth`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/jwks`,
      userinfo_endpoint: `${this.issuer}/userinfo`,
      end_session_endpoint: `${this.issuer}/end`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
    };
    this.wrong.discovery?.(document);
    return document;
  }

  /** Where a browser that comes with this query is sent back to. */
  codeFor(query: URLSearchParams): string {
    this.asked.push(query);
    const code = randomUUID();
    this.#codes.set(code, {
      nonce: query.get('nonce'),
      challenge: query.get('code_challenge'),
      maxAge: query.get('max_age'),
    });
    const answer = new URLSearchParams({ code, state: query.get('state') ?? '', iss: this.issuer });
    this.wrong.answer?.(answer);
    return `${query.get('redirect_uri')}?${answer.toString()}`;
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await text(request));
    if (this.wrong.token) {
      this.wrong.token(response);
      return;
    }
    const code = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!isClient(request)) sendJson(response, { error: 'invalid_client' }, 400);
    else if (code?.challenge !== challenge) sendJson(response, { error: 'invalid_grant' }, 400);
    else
      sendJson(response, {
        access_token: 'an-access-token',
        token_type: 'Bearer',
        id_token: await this.#idToken(code),
      });
  }

  async #idToken(code: Code): Promise<string> {
    const claims = this.claims(code);
    this.wrong.claims?.(claims);
    return this.wrong.sign ? this.wrong.sign(claims, this) : this.sign(claims);
  }

  #jwks(): JWK[] {
    const keys = this.keys.map(({ publicJwk }) => publicJwk);
    return this.wrong.jwks?.(keys) ?? keys;
  }

  #userinfo(): Record<string, unknown> {
    const claims = { sub: this.person.sub, email: 'from-userinfo@orgn.test', email_verified: true };
    this.wrong.userinfo?.(claims);
    return claims;
  }
}

export async function newKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const kid = randomUUID();
  return { kid, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

/** Whether the client knows its secret; both parts are form-encoded, as RFC 6749 wants it. */
function isClient({ headers }: IncomingMessage): boolean {
  const [, encoded = ''] = (headers.authorization ?? '').split('Basic ');
  const parts = Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent);
  return parts[0] === CLIENT_ID && parts[1] === CLIENT_SECRET;
}

function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
