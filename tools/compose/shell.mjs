import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const mark = '\x1e';

/** A shell that keeps its variables from one piece of text to the next, and ends at the first command that fails. */
export class Shell {
  #child;
  #output = '';
  #ended;
  #scratch;
  #count = 0;

  /** @param {{ cwd: string, env: object, scratch: string, inside: string[] }} where `inside`: what stands before the shell's name */
  constructor({ cwd, env, scratch, inside }) {
    const [command, ...args] = [...inside, 'bash', '--norc', '--noprofile'];
    this.#scratch = scratch;
    this.#child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
    }
    this.#ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code ?? 1)));
    this.#child.stdin.on('error', () => undefined);
    this.#child.stdin.write('set -eo pipefail\n');
  }

  /**
   * Runs some lines. They read nothing from this shell's own input.
   * @param {string} text
   * @param {number} seconds until it is given up
   * @returns {Promise<{ ok: boolean, seconds: number, output: string, key: string }>} `key`: the variable KEY, as it is then
   */
  async run(text, seconds) {
    this.#count += 1;
    const [file, startedAt] = [join(this.#scratch, `block-${this.#count}.sh`), performance.now()];
    writeFileSync(file, `${text}\n`);
    this.#output = '';
    this.#child.stdin.write(`. '${file}' < /dev/null\nprintf '${mark}%s${mark}\\n' "$\{KEY-}"\n`);
    const key = await Promise.race([this.#marked(seconds), this.#ended.then(() => undefined)]);
    const output = this.#output.replaceAll(new RegExp(`${mark}.*${mark}\\n`, 'g'), '');
    return { ok: key !== undefined, seconds: (performance.now() - startedAt) / 1_000, output, key: key ?? '' };
  }

  async #marked(seconds) {
    const until = Date.now() + seconds * 1_000;
    while (Date.now() < until) {
      const found = new RegExp(`${mark}(.*)${mark}`).exec(this.#output);
      if (found) return found[1];
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.#output += `\ngiven up after ${seconds} s\n`;
    this.#child.kill('SIGKILL');
    return undefined;
  }

  /** Ends the shell. */
  async close() {
    this.#child.stdin.end();
    await this.#ended;
  }
}
