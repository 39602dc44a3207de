import type { AnswerParts } from '@orgn/dialects';

/** How far a streamed answer has come: it is whole once every choice that began has said why it ended. */
export class StreamProgress {
  readonly #begun = new Set<number>();
  readonly #finished = new Set<number>();

  take({ choices, finished }: AnswerParts): void {
    for (const index of choices) this.#begun.add(index);
    for (const index of finished) this.#finished.add(index);
  }

  get hasBegun(): boolean {
    return this.#begun.size > 0;
  }

  get isWhole(): boolean {
    return this.hasBegun && this.#finished.size >= this.#begun.size;
  }
}
