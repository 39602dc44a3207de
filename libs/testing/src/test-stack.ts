import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Children } from '@orgn/stack/children.mjs';
import { recordProcesses } from '@orgn/stack/leftovers.mjs';
import { outsideDir } from '@orgn/stack/postgres-owner.mjs';
import { identify } from '@orgn/stack/process-identity.mjs';
import { keepReaper } from '@orgn/stack/reaper-keeper.mjs';
import { deriveSecret } from '@orgn/stack/secrets.mjs';
import { openStackDir } from '@orgn/stack/stack-dir.mjs';
import { waitGone } from '@orgn/stack/stop-order.mjs';

/** The folder that everything is in. */
export const repository = join(import.meta.dirname, '../../..');

const GONE_MS = 10_000;

/**
 * A folder and the servers of one test, run by the code that runs the embedded stack: that code starts them, proves that
 * they answer themselves, and stops them by pid. When the test process is killed a reaper ends them.
 */
export class TestStack {
  readonly options = { root: repository, fresh: false };
  readonly paths = openStackDir(mkdtempSync(join(tmpdir(), 'orgn-test-')));
  readonly ports = new Map<string, number>();
  readonly opsToken = 'the-root-secret-of-a-stack-that-only-a-test-has';
  readonly children: Children;
  /** Folder of the certificates that servers show; undefined: they speak in the clear. */
  tls: string | undefined;
  /** What users of the bus may do, and the names of those that are no operators. */
  busPermissions: { text: string; names: string[] } | undefined;
  readonly #reaper: { release(): Promise<void> };

  constructor() {
    const { paths } = this;
    const children = new Children({ paths, restart: false, note: this.note, changed: () => undefined });
    this.#reaper = keepReaper(paths.dir, (identity) => (children.reaper = identity));
    this.children = children;
  }

  readonly note = (): void => undefined;

  secretOf(name: string): string {
    return deriveSecret(this.opsToken, name);
  }

  /** @throws when no such process runs */
  pidOf(name: string): number {
    const found = this.children.ready.find((process) => process.name === name);
    if (!found) throw new Error(`${name} does not run`);
    return found.pid;
  }

  /** Ends a process without a warning; resolves when it is gone. */
  async kill(name: string, signal: NodeJS.Signals): Promise<void> {
    const identity = identify(this.pidOf(name));
    process.kill(identity.pid, signal);
    if (!(await waitGone(identity, GONE_MS))) throw new Error(`${name} survived ${signal}`);
  }

  /** Ends all processes and deletes their files. */
  async close(): Promise<void> {
    await this.children.stop();
    recordProcesses(this.paths, { children: [] });
    await this.#reaper.release();
    for (const dir of [this.paths.dir, outsideDir(this.paths)]) rmSync(dir, { recursive: true, force: true });
  }
}

/** A server that a test owns. */
export interface TestServer {
  readonly pid: number;
  /** Ends it as a power cut would; `start` brings it back on the same port with the same data. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts a server on a stack of its own. `start` also starts it again after a crash. */
export async function ownServer(
  stack: TestStack,
  server: { name: string; crashSignal: NodeJS.Signals; start(): Promise<unknown> },
): Promise<TestServer> {
  const start = async () => {
    try {
      await server.start();
    } catch (error) {
      const { message, lines = [] } = error as Error & { lines?: string[] };
      throw new Error([message, ...lines].join('\n'), { cause: error });
    }
  };
  await start().catch(async (error: unknown) => {
    await stack.close();
    throw error;
  });
  return {
    get pid() {
      return stack.pidOf(server.name);
    },
    crash: () => stack.kill(server.name, server.crashSignal),
    start,
    stop: () => stack.close(),
  };
}
