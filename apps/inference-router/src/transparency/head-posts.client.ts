import { appendFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';
import { request } from 'undici';
import { RouterConfig } from '../config.ts';

const TIMEOUT_MS = 10_000;

/** Tells others of the log's heads, so that no other log can be shown later. A head that could not be told is told by the next. */
@Injectable()
export class HeadPosts {
  readonly #untold = new Map<string, string>();
  readonly #posts: Counter;

  constructor(
    private readonly config: RouterConfig,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#posts = new Counter({
      name: 'orgn_log_heads_posted_total',
      help: "Heads of the receipts' log that were told to LOG_WITNESS_URLS.",
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  /** @param head a new one; undefined: only what could not be told before */
  async send(head: string | undefined): Promise<void> {
    if (head !== undefined) for (const url of this.config.LOG_WITNESS_URLS ?? []) this.#untold.set(url, head);
    await Promise.all([...this.#untold].map(([url, untold]) => this.#tell(url, untold)));
  }

  async #tell(url: string, head: string): Promise<void> {
    try {
      await (url.startsWith('file:') ? appendFile(fileURLToPath(url), `${head}\n`) : post(url, head));
      this.#untold.delete(url);
      this.#posts.inc({ outcome: 'told' });
    } catch (error) {
      this.#posts.inc({ outcome: 'failed' });
      this.log.warn('a head of the log was not told, will retry', {}, error);
    }
  }
}

/** @throws Error unless the answer is 2xx */
async function post(url: string, body: string): Promise<void> {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  const answer = await request(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
  await answer.body.dump();
  if (answer.statusCode < 200 || answer.statusCode > 299) throw new Error(`answered ${answer.statusCode}`);
}
