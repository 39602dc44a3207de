import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How a file may lie beside its compressed forms, best first. */
const encodings = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

/**
 * The one page of the console, which draws itself by its address: `index.html`, compressed when it was built. A browser asks
 * again each time, so that nobody keeps a page whose scripts are gone.
 */
export class ConsolePage {
  readonly #forms: ReadonlyMap<string, Buffer>;
  readonly #page: Buffer;
  readonly #version: string;
  /** Addresses that are pages, as routes: `/teams/:teamId/keys`. */
  readonly addresses: readonly string[];

  /** @throws when the directory has no index.html */
  constructor(directory: string) {
    const file = join(directory, 'index.html');
    this.#page = readFileSync(file);
    this.#version = createHash('sha256').update(this.#page).digest('base64url').slice(0, 22);
    const forms = encodings.filter(([, ending]) => existsSync(file + ending));
    this.#forms = new Map(forms.map(([name, ending]) => [name, readFileSync(file + ending)]));
    const list = join(directory, 'pages.json');
    this.addresses = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as string[]) : ['/'];
  }

  /** Sends the page; with 404 where the address is none of its own, and then nobody keeps it. */
  send(request: FastifyRequest, reply: FastifyReply, status: 200 | 404): void {
    const { encoding, body } = this.#formFor(request.headers['accept-encoding'] ?? '');
    void reply.headers({ 'content-type': 'text/html; charset=utf-8', vary: 'accept-encoding' });
    if (encoding !== undefined) void reply.header('content-encoding', encoding);
    if (status === 404) return void reply.status(404).header('cache-control', 'no-store').send(body);
    // Bytes of another encoding are another entity.
    const etag = `"${this.#version}-${encoding ?? 'plain'}"`;
    void reply.headers({ 'cache-control': 'no-cache', etag });
    if (request.headers['if-none-match']?.includes(etag)) return void reply.status(304).send();
    return void reply.status(200).send(body);
  }

  #formFor(accepted: string): { encoding?: string; body: Buffer } {
    const form = [...this.#forms].find(([name]) => isAccepted(name, accepted));
    return form ? { encoding: form[0], body: form[1] } : { body: this.#page };
  }
}

/** Whether an encoding is named, and not with the weight that forbids it. */
function isAccepted(encoding: string, header: string): boolean {
  return header
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .some((part) => part.split(';')[0]?.trim() === encoding && !/;\s*q=0(\.0*)?$/.test(part));
}
