import { useSyncExternalStore } from 'react';
import type { Attachment } from './conversation.ts';

/** A question that is not asked yet. */
export interface Written {
  text: string;
  attachments: readonly Attachment[];
}

const blank: Written = { text: '', attachments: [] };

/** What is being written. It outlives a look at another page; columns do not hear of each letter. */
export class Draft {
  #written = blank;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): Written => this.#written;

  write(change: Partial<Written>): void {
    this.#written = { ...this.#written, ...change };
    for (const listener of this.#listeners) listener();
  }

  clear(): void {
    this.write(blank);
  }

  /** Puts back what was asked in vain. @returns false where something else has been written since */
  putBack({ text, attachments }: Written): boolean {
    const now = this.#written;
    const isFree =
      (now.text === '' || now.text === text) && (now.attachments.length === 0 || now.attachments === attachments);
    if (isFree) this.write({ text, attachments });
    return isFree;
  }
}

export function useDraft(draft: Draft): Written {
  return useSyncExternalStore(draft.subscribe, draft.snapshot);
}
