/**
 * Calm progress on a terminal: one line a step, `2/8  ports      ... ok    0.1 s  8080 to 8151`.
 * A remark that comes while a step runs breaks its line, which is then begun again for the end.
 */
export class Progress {
  #out;
  #total;
  #count = 0;
  #begun;
  #head;
  #isBroken = false;

  /** @param {{ write(text: string): void }} out @param {number} total how many steps there will be */
  constructor(out, total) {
    this.#out = out;
    this.#total = total;
  }

  /** A step begins: its name appears. */
  begin(name) {
    this.#count += 1;
    this.#begun = performance.now();
    this.#head = `  ${this.#count}/${this.#total}  ${name.padEnd(10)} ... `;
    this.#isBroken = false;
    this.#out.write(this.#head);
  }

  /** The step is done; `detail` says what was found or made. */
  done(detail = '') {
    this.#end('ok', detail);
  }

  /** The step failed, or was broken off; does nothing when no step runs. */
  broken(word = 'failed') {
    if (this.#begun !== undefined) this.#end(word, '');
  }

  /** A remark on a line of its own. */
  note(text) {
    const breaks = this.#begun !== undefined && !this.#isBroken;
    this.#isBroken = true;
    this.#out.write(`${breaks ? '\n' : ''}       ${text}\n`);
  }

  /** Runs one step from its first word to its last. */
  async step(name, work) {
    this.begin(name);
    try {
      this.done(await work());
    } catch (error) {
      this.broken();
      throw error;
    }
  }

  #end(word, detail) {
    const seconds = ((performance.now() - this.#begun) / 1000).toFixed(1);
    this.#begun = undefined;
    if (this.#isBroken) this.#out.write(this.#head);
    this.#out.write(`${`${word.padEnd(3)}${seconds.padStart(5)} s  ${detail}`.trimEnd()}\n`);
  }
}
