import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackBus } from '@orgn/testing';

const root = join(import.meta.dirname, '../..');

/** `stack.json`, as the start command promises it. */
export interface StackFile {
  api: string;
  gateways: string[];
  console: string;
  issuer: string;
  ops: string;
  metrics: { service: string; url: string }[];
  simulators: { providers: string; control: string; stripe: string };
  postgresUrl: string;
  natsUrl: string;
  bus: StackBus;
  opsToken: string;
  demo: { teamId: string; key: string; users: { email: string; role: string }[] };
  processes: { name: string; service: string; pid: number; logFile: string }[];
}

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs an npm script of the repository, as a user would. */
export function npm(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return run('npm', ['run', '-s', ...args], env);
}

/** Runs a command in the repository and answers how it ended. */
export function run(command: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout: stdout(), stderr: stderr() }));
  });
}

function text(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/**
 * For suites that kill, stop or flood, and show how others than metering fare: no team needs money there, and no request waits for
 * whoever holds it. All other suites run as `npm start` does: the demo team has 25 USD, and any other one what `credit` gives it.
 */
export const unbilled = { BILLING: 'off' };

/** A whole stack in a folder of its own, on free ports, started and stopped by the documented commands. */
export class Stack {
  readonly dir = mkdtempSync(join(tmpdir(), 'orgn-e2e-'));
  /** What the start command finds in its environment besides. */
  readonly env: Record<string, string>;

  constructor(env: Record<string, string> = {}) {
    this.env = { ...env };
  }

  get file(): StackFile {
    return JSON.parse(readFileSync(join(this.dir, 'stack.json'), 'utf8')) as StackFile;
  }

  /** @returns what the start command printed */
  async start(...flags: string[]): Promise<string> {
    const ended = await npm(['start', '--', '--detach', '--dir', this.dir, ...flags], this.env);
    if (ended.code !== 0) throw new Error(`the stack did not start:\n${ended.stdout}\n${ended.stderr}`);
    return ended.stdout;
  }

  /** Stops the stack. @returns pids that are still there, which should be none */
  async stop(): Promise<number[]> {
    const pids = this.file.processes.map(({ pid }) => pid);
    const ended = await npm(['stop', '--', '--dir', this.dir]);
    if (ended.code !== 0) throw new Error(`the stack did not stop:\n${ended.stdout}\n${ended.stderr}`);
    return pids.filter(isAlive);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }

  operator(...args: string[]): Promise<Ended> {
    const [command = '', ...rest] = args;
    return npm([command, '--', ...rest, '--dir', this.dir]);
  }

  /** Gives a team money to make requests with. @param usd decimal */
  async credit(team: string, usd = '5.00'): Promise<void> {
    const ended = await this.operator('billing', 'credit', '--team', team, '--amount', usd, '--reason', 'for tests');
    if (ended.code !== 0) throw new Error(`nothing was credited: ${ended.stdout}${ended.stderr}`);
  }

  async control(provider: string, state: object): Promise<void> {
    const url = `${this.file.simulators.control}/control/${provider}`;
    const response = await fetch(url, { method: 'PUT', body: JSON.stringify(state) });
    if (!response.ok) throw new Error(await response.text());
  }

  async received(provider: string): Promise<Received> {
    const response = await fetch(`${this.file.simulators.control}/control/received`);
    const all = (await response.json()) as Record<string, Received>;
    return all[provider]!;
  }

  /** A chat completion as any HTTP client would send it. */
  chat(
    body: object,
    options: { key?: string; signal?: AbortSignal; api?: string; headers?: Record<string, string> } = {},
  ) {
    return fetch(`${options.api ?? this.file.api}/v1/chat/completions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${options.key ?? this.file.demo.key}`,
        'content-type': 'application/json',
        ...options.headers,
      },
      body: JSON.stringify(body),
      signal: options.signal ?? null,
    });
  }

  /** Every usage row of the demo team, oldest first. */
  async usage(): Promise<UsageRow[]> {
    const ended = await this.operator('usage', 'list', '--team', this.file.demo.teamId);
    if (ended.code !== 0) throw new Error(`usage list failed: ${ended.stdout}${ended.stderr}`);
    return ended.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as UsageRow);
  }

  /** Everything in the folder's log files. */
  logs(): string {
    const folder = join(this.dir, 'logs');
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('\n');
  }
}

export interface Received {
  requests: number;
  abortedRequests: number;
  openRequests: number;
  promptTokens: number;
  completionTokens: number;
}

export interface UsageRow {
  requestId: string;
  model: string;
  outcome: string;
  countedBy: string;
  witness: string;
  streamed: boolean;
  promptTokens: number;
  completionTokens: number;
  costNanoUsd: number;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Repeats an assertion until it holds. @returns what it then answered */
export async function eventually<T>(assertion: () => T | Promise<T>, timeoutMs = 20_000): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
