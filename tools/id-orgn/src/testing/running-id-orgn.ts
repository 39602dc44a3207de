import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const entry = join(import.meta.dirname, '../main.ts');
const clientSecret = 'a-secret-of-this-test';

export type Claims = Readonly<Record<string, unknown>>;

export interface Logout {
  readonly path: string;
  readonly token: string;
}

/** The real process on a free port, and a console that takes back-channel logouts; both of this test alone. */
export class RunningIdOrgn {
  static async start(): Promise<RunningIdOrgn> {
    const logouts: Logout[] = [];
    const console = await startConsole(logouts);
    const port = await freePort();
    const issuer = `http://127.0.0.1:${port}`;
    const child = spawn(process.execPath, [entry], {
      env: { HTTP_PORT: String(port), ISSUER: issuer, CONSOLE_URL: urlOf(console), CLIENT_SECRET: clientSecret },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    for await (const line of createInterface(child.stdout)) if (line.includes('listening')) break;
    return new RunningIdOrgn(issuer, child, console, logouts);
  }

  readonly issuer: string;
  readonly consoleUrl: string;
  readonly child: ChildProcess;
  readonly logouts: Logout[];
  private readonly console: Server;

  private constructor(issuer: string, child: ChildProcess, console: Server, logouts: Logout[]) {
    this.issuer = issuer;
    this.consoleUrl = urlOf(console);
    this.child = child;
    this.console = console;
    this.logouts = logouts;
  }

  /** Stops the process by SIGTERM, twice as terminals may; answers its exit code and signal. */
  async stop(): Promise<unknown[]> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    this.child.kill('SIGTERM');
    this.console.closeAllConnections();
    this.console.close();
    return exit;
  }

  /** An authorization request of the console. */
  authorization(parameters: Readonly<Record<string, string>> = {}): { url: URL; verifier: string } {
    const verifier = randomBytes(32).toString('base64url');
    const url = new URL('/auth', this.issuer);
    url.search = new URLSearchParams({
      client_id: 'orgn-console',
      response_type: 'code',
      redirect_uri: `${this.consoleUrl}/api/auth/callback`,
      scope: 'openid email profile',
      state: 'state-1',
      nonce: 'nonce-1',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    }).toString();
    return { url, verifier };
  }

  /** Exchanges a code; `secret` is the console's unless another is given. */
  redeem(code: string, verifier: string, secret = clientSecret): Promise<Response> {
    return fetch(`${this.issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`orgn-console:${secret}`).toString('base64')}` },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: `${this.consoleUrl}/api/auth/callback`,
      }),
    });
  }

  /** The claims of a token whose signature the published keys confirm. */
  async claimsOf(token: string): Promise<Claims> {
    const { keys } = (await (await fetch(`${this.issuer}/jwks`)).json()) as { keys: JsonWebKey[] };
    const [header = '', payload = '', signature = ''] = token.split('.');
    const { kid } = decode(header);
    const key = createPublicKey({ key: keys.find((jwk) => jwk.kid === kid) ?? {}, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`);
    if (!verify('sha256', signed, key, Buffer.from(signature, 'base64url'))) throw new Error('The signature is wrong.');
    return decode(payload);
  }
}

function decode(part: string): Claims {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Claims;
}

async function startConsole(logouts: Logout[]): Promise<Server> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      logouts.push({ path: request.url ?? '', token: new URLSearchParams(body).get('logout_token') ?? '' });
      response.end();
    });
  });
  return listen(server);
}

async function freePort(): Promise<number> {
  const server = await listen(createServer());
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function listen(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
