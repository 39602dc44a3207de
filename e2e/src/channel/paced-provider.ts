import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What became of a request at the provider; of the test's own monotonic clock, in milliseconds. */
export interface Visit {
  arrivedAt: number;
  /** When the connection went before the answer was whole; undefined: it did not. */
  abortedAt?: number;
}

/**
 * A provider of the test's own process, so that both share a clock. Its streams say in each chunk when it left; they end
 * after so many chunks. Requests are known by the last word of their prompt.
 */
export class PacedProvider {
  readonly visits = new Map<string, Visit>();
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  /** @param gapMs between two chunks */
  constructor(
    private readonly gapMs: number,
    private readonly chunks: (name: string) => number,
  ) {}

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = await nameIn(request);
    const visit: Visit = { arrivedAt: performance.now() };
    this.visits.set(name, visit);
    response.on('close', () => {
      if (!response.writableFinished) visit.abortedAt = performance.now();
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    this.#stream(response, this.chunks(name));
  }

  #stream(response: ServerResponse, chunks: number): void {
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      if (sent <= chunks) response.write(chunkOf(`${performance.now()} `));
      else response.end(lastWords(chunks));
    }, this.gapMs);
    response.once('close', () => clearInterval(timer));
  }
}

async function nameIn(request: IncomingMessage): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of request) blocks.push(block as Buffer);
  const { messages } = JSON.parse(Buffer.concat(blocks).toString()) as { messages: { content: string }[] };
  return messages.at(-1)!.content.split(' ').at(-1)!;
}

const base = { id: 'chatcmpl-paced', object: 'chat.completion.chunk', created: 1_735_689_600, model: 'canned' };

function chunkOf(content: string): string {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return `data: ${JSON.stringify({ ...base, choices })}\n\n`;
}

function lastWords(chunks: number): string {
  const end = { ...base, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  const usage = { prompt_tokens: 8, completion_tokens: chunks, total_tokens: 8 + chunks };
  return [end, { ...base, choices: [], usage }, '[DONE]']
    .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    .join('');
}
