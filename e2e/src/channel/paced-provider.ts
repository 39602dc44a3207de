import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What became of a request at the provider; in milliseconds of the machine's monotonic clock. */
export interface Visit {
  arrivedAt: number;
  /** When the connection went before the answer was whole; undefined: it did not. */
  abortedAt?: number;
}

/** How its streams go. */
export interface Pace {
  /** Between two chunks. */
  gapMs: number;
  chunks: number;
}

/** A provider in a process of its own (paced-provider.mjs), which no other work of a test makes late. */
export class PacedProvider {
  #child: ChildProcess | undefined;
  #origin = '';

  /** @returns its base URL */
  async listen({ gapMs, chunks }: Pace): Promise<string> {
    const program = join(import.meta.dirname, 'paced-provider.mjs');
    const child = spawn(process.execPath, [program, String(gapMs), String(chunks)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    this.#origin = `http://127.0.0.1:${String(port).trim()}`;
    return `${this.#origin}/v1`;
  }

  close(): void {
    this.#child?.kill('SIGKILL');
  }

  /** By the last word of their prompt. */
  async visits(): Promise<Map<string, Visit>> {
    const visits = (await (await fetch(`${this.#origin}/visits`)).json()) as Record<string, Visit>;
    return new Map(Object.entries(visits));
  }
}
