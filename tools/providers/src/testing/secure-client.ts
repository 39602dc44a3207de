import { hash } from 'node:crypto';
import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { createSimulator, stop, type TlsParty } from '../server.ts';

export interface SecureAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** SHA-256 (hex) of the SubjectPublicKeyInfo that the server showed. */
  readonly spkiSha256: string;
}

/** A simulator with its TLS servers, and a client that takes any certificate and says which it saw. */
export async function startSecure() {
  const simulator = createSimulator();
  const servers = [simulator.http, ...Object.values(simulator.tls)];
  await Promise.all(servers.map((server) => once(server.listen(0, '127.0.0.1'), 'listening')));
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
  const http = `http://127.0.0.1:${portOf(simulator.http)}`;
  const agents = new Set<Agent>();
  return {
    http,
    agent: () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1, maxCachedSessions: 0 });
      agents.add(agent);
      return agent;
    },
    ask: (
      party: TlsParty,
      path: string,
      { body, agent, headers }: { body?: string; agent?: Agent; headers?: object } = {},
    ) => ask(`https://127.0.0.1:${portOf(simulator.tls[party])}${path}`, { body, agent, headers }),
    put: async (provider: string, state: object) => {
      const response = await fetch(`${http}/control/${provider}`, { method: 'PUT', body: JSON.stringify(state) });
      return response.status;
    },
    received: async (provider: string) =>
      ((await (await fetch(`${http}/control/received`)).json()) as Record<string, { requests: number }>)[provider]!,
    stop: async () => {
      for (const agent of agents) agent.destroy();
      await Promise.all(servers.map(stop));
    },
  };
}

interface Options {
  body?: string | undefined;
  agent?: Agent | undefined;
  headers?: object | undefined;
}

async function ask(url: string, { body, agent, headers }: Options): Promise<SecureAnswer> {
  const all = { authorization: 'Bearer test', 'content-type': 'application/json', ...headers };
  const method = body === undefined ? 'GET' : 'POST';
  const asked = request(url, { method, headers: all, rejectUnauthorized: false, agent: agent ?? false });
  const spkiSha256 = spkiSeenBy(asked);
  asked.end(body);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks),
    spkiSha256: await spkiSha256,
  };
}

const seen = new WeakMap<object, string>();

/** A connection shows its certificate once, and may carry several requests. */
async function spkiSeenBy(asked: ClientRequest): Promise<string> {
  const [socket] = (await once(asked, 'socket')) as [TLSSocket];
  const known = seen.get(socket);
  if (known !== undefined) return known;
  await once(socket, 'secureConnect');
  const spki = socket.getPeerX509Certificate()!.publicKey.export({ type: 'spki', format: 'der' });
  seen.set(socket, sha256(spki));
  return sha256(spki);
}

/** SHA-256 in hex. */
export const sha256 = (bytes: string | Buffer) => hash('sha256', bytes);
