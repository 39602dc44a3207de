import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Received } from '../control/ledger.ts';
import type { ProviderName } from '../providers.ts';
import { createProviders, stop } from '../server.ts';

/** A simulator of its own for a test, on a free port of the loopback. */
export class RunningSimulator {
  static async start(): Promise<RunningSimulator> {
    const server = createProviders();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return new RunningSimulator(`http://127.0.0.1:${port}`, () => stop(server));
  }

  readonly url: string;
  readonly stop: () => Promise<void>;

  private constructor(url: string, stopServer: () => Promise<void>) {
    this.url = url;
    this.stop = stopServer;
  }

  post(provider: ProviderName, body: unknown, init: RequestInit & { path?: string } = {}): Promise<Response> {
    return fetch(`${this.url}/${provider}/v1/${init.path ?? 'chat/completions'}`, {
      method: 'POST',
      headers: { authorization: 'Bearer test', 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...init,
    });
  }

  put(provider: ProviderName, state: unknown): Promise<Response> {
    return fetch(`${this.url}/control/${provider}`, { method: 'PUT', body: JSON.stringify(state) });
  }

  async reset(): Promise<void> {
    await fetch(`${this.url}/control/reset`, { method: 'POST' });
  }

  async received(provider: ProviderName): Promise<Received> {
    const response = await fetch(`${this.url}/control/received`);
    return ((await response.json()) as Record<ProviderName, Received>)[provider];
  }
}

/** A chat request, valid unless the overrides say otherwise. */
export function makeChat(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: 'a/model', messages: [{ role: 'user', content: 'What is a river?' }], ...overrides };
}

/** The data of each server-sent event, `[DONE]` included. */
export function dataOf(stream: string): string[] {
  return stream
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => event.slice('data: '.length));
}

export interface Chunk {
  readonly id: string;
  readonly model: string;
  readonly object: string;
  readonly choices: readonly {
    readonly index: number;
    readonly finish_reason: string | null;
    readonly delta: {
      readonly content?: string;
      readonly tool_calls?: readonly { readonly function: { readonly name?: string; readonly arguments: string } }[];
      readonly provider_metadata?: { readonly gateway: Record<string, unknown> };
    };
  }[];
  readonly usage?: UsageNumbers | null;
}

export interface UsageNumbers {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** The chunks of a whole stream, without `[DONE]`. */
export function chunksOf(stream: string): Chunk[] {
  return dataOf(stream)
    .slice(0, -1)
    .map((data) => JSON.parse(data) as Chunk);
}

/** Waits until a condition holds, at most two seconds. */
export async function eventually(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 2000; !(await holds()); await new Promise((done) => setTimeout(done, 5))) {
    if (Date.now() > end) throw new Error('It did not come to hold within two seconds.');
  }
}
