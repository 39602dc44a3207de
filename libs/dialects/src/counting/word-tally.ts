import { isEnglish, isForeign } from './small-words.ts';

/** Buckets of words: up to so many letters, longer ones, and the letters of those beyond the 13th. */
const LENGTHS = [1, 3, 5, 7, 9, 12] as const;
const buckets = ['1', '3', '5', '7', '9', '12', 'Long', 'Tail'] as const;
const LONG = 13;
/** The longest of the small words. */
const SMALL = 5;

type Bucket = (typeof buckets)[number];
/** Words by length, of English and of other languages: common words are whole tokens, others fall apart. */
export type WordCounts = Record<`english${Bucket}` | `foreign${Bucket}`, number>;

/** Words of one stretch of text, until it is known which language they are of. */
export class WordTally {
  readonly #counts: WordCounts;
  #words = new Float64Array(buckets.length);
  #english = 0;
  #foreign = 0;

  /** @param counts where the words go */
  constructor(counts: WordCounts) {
    this.#counts = counts;
  }

  /** @param isMarked it has letters that English has not */
  add(word: string, isMarked: boolean): void {
    const bucket = LENGTHS.findIndex((most) => word.length <= most);
    this.#count(bucket < 0 ? LENGTHS.length : bucket, 1);
    if (word.length > LONG) this.#count(LENGTHS.length + 1, word.length - LONG);
    if (isMarked) this.#foreign++;
    else if (word.length <= SMALL) this.#judge(word);
  }

  /** Shares the words between English and the rest: by small words, and English where none was seen, as in code. */
  share(): void {
    const seen = this.#english + this.#foreign;
    const foreign = seen === 0 ? 0 : this.#foreign / seen;
    for (const [index, bucket] of buckets.entries()) {
      const count = this.#words[index] ?? 0;
      this.#counts[`english${bucket}`] += count * (1 - foreign);
      this.#counts[`foreign${bucket}`] += count * foreign;
    }
    this.#words = new Float64Array(buckets.length);
    this.#english = 0;
    this.#foreign = 0;
  }

  #count(index: number, count: number): void {
    this.#words[index] = (this.#words[index] ?? 0) + count;
  }

  #judge(word: string): void {
    if (isEnglish(word)) this.#english++;
    else if (isForeign(word)) this.#foreign++;
  }
}
