/** The largest block: copying so much is not noticed, and 32 MiB are few of them. */
const BLOCK_BYTES = 256 * 1024;
/** The smallest one: beyond the memory that Node keeps for many, so that it can be moved to another thread. */
const FIRST_BYTES = 16 * 1024;
/** A first piece up to here is kept as it came, for as long as it is the only one. */
const AS_IT_CAME = 32 * 1024;

/**
 * Bytes as they arrive, in blocks of their own. They are copied once, each piece while it is there: joining them at the end
 * would hold the event loop for as long as there are many, and keeping each as it came would cost a hundred times the bytes
 * of one that arrives in crumbs.
 */
export class ByteBlocks {
  #blocks: Buffer[] = [];
  /** Of the last block. */
  #free = 0;
  #length = 0;
  /** All there is, as it came. */
  #only: Buffer | undefined;

  get length(): number {
    return this.#length;
  }

  add(chunk: Buffer): void {
    const only = this.#only;
    this.#only = this.#length === 0 && chunk.length <= AS_IT_CAME ? chunk : undefined;
    this.#length += chunk.length;
    if (this.#only) return;
    if (only) this.#copy(only);
    this.#copy(chunk);
  }

  /** All of them, in order; none are kept. */
  take(): Buffer[] {
    const blocks = this.#only ? [this.#only] : this.#blocks;
    const last = this.#only ? undefined : blocks.pop();
    if (last) blocks.push(last.subarray(0, last.length - this.#free));
    this.drop();
    return blocks;
  }

  drop(): void {
    this.#blocks = [];
    this.#only = undefined;
    this.#free = 0;
    this.#length = 0;
  }

  #copy(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const block = this.#blockWithRoom();
      const copied = chunk.copy(block, block.length - this.#free, at);
      this.#free -= copied;
      at += copied;
    }
  }

  #blockWithRoom(): Buffer {
    const last = this.#blocks.at(-1);
    if (last && this.#free > 0) return last;
    const block = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, Math.max(FIRST_BYTES, this.#length)));
    this.#blocks.push(block);
    this.#free = block.length;
    return block;
  }
}
