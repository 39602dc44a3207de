import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runOrThrow } from '../processes.mjs';

/** A reasoning model's first tokens are its reasoning. */
const reasoning = { phala: { reasoningTokens: 4 } };
const rowsDeadlineMs = 30_000;

/** A running stack: the real services, on the provider simulators. */
export class Stack {
  /** @param {{ root: string, dir: string, stop(): Promise<void> }} parts */
  constructor({ root, dir, stop }) {
    const { api, demo, simulators } = JSON.parse(readFileSync(join(dir, 'stack.json'), 'utf8'));
    Object.assign(this, { root, dir, stop, api, key: demo.key, team: demo.teamId, control: simulators.control });
  }

  /** Has the models reason that do. */
  async prepare() {
    for (const [provider, state] of Object.entries(reasoning)) {
      const response = await fetch(`${this.control}/control/${provider}`, {
        method: 'PUT',
        body: JSON.stringify(state),
      });
      if (!response.ok) throw new Error(await response.text());
    }
  }

  /**
   * The usage rows of these requests, as `npm run usage` prints them.
   * @param {string[]} ids
   * @returns {Promise<object[]>} fewer than asked for when some are still missing after half a minute
   */
  async rowsOf(ids) {
    for (const until = Date.now() + rowsDeadlineMs; ; await sleep(300)) {
      if (ids.length === 0) return [];
      const rows = (await this.#usage()).filter(({ requestId }) => ids.includes(requestId));
      if (rows.length === ids.length || Date.now() > until) return rows;
    }
  }

  async #usage() {
    const command = [process.execPath, join(this.root, 'tools/operator.mjs'), 'usage', 'list', '--team', this.team];
    const text = await run(this.root, [...command, '--dir', this.dir]);
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }
}

/**
 * Starts a stack of its own, by the documented command, or takes one that runs.
 * @param {{ root: string, stackDir?: string }} options
 */
export async function openStack({ root, stackDir }) {
  if (stackDir) return new Stack({ root, dir: stackDir, stop: async () => undefined });
  const dir = mkdtempSync(join(tmpdir(), 'orgn-clients-'));
  const command = (name, ...flags) => run(root, [process.execPath, join(root, 'tools', name), ...flags, '--dir', dir]);
  const stop = async () => {
    await command('stop.mjs');
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await command('start.mjs', '--detach');
    return new Stack({ root, dir, stop });
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

function run(root, command) {
  return runOrThrow(command, { cwd: root, env: process.env, timeoutMs: 600_000 });
}
