import { scriptOf, type Script } from './script.ts';
import { WordTally } from './word-tally.ts';

/** What is counted in a text: names of the weights of a tokenizer. */
export const features = [
  // Latin words by length, and letters beyond the 13th: of English and of other languages.
  'english1',
  'english3',
  'english5',
  'english7',
  'english9',
  'english12',
  'englishLong',
  'englishTail',
  'foreign1',
  'foreign3',
  'foreign5',
  'foreign7',
  'foreign9',
  'foreign12',
  'foreignLong',
  'foreignTail',
  'marks',
  'capitals',
  'capitalWords',
  'unspacedWords',
  'digits',
  'digitGroups',
  'spacedNumbers',
  'punctuationRuns',
  'punctuationChanges',
  'punctuationRepeats',
  'newlineRuns',
  'indents',
  'signs',
  'han',
  'kana',
  'hangul',
  'cyrillicWords',
  'cyrillicLetters',
  'greek',
  'semitic',
  'letters',
  'astral',
] as const;
export type Feature = (typeof features)[number];
export type FeatureCounts = Record<Feature, number>;

/** Code units after which the language is judged anew, so that a document in two is counted in both. */
const SEGMENT = 2_048;

const isLatin = (script: Script | undefined) => script === 'lower' || script === 'upper' || script === 'marked';
const isBlank = (script: Script | undefined) => script === 'space' || script === 'newline';

/** Counts the features of a text in one pass. */
export function featuresOf(text: string): FeatureCounts {
  const scan = new Scan(text);
  scan.run();
  return scan.counts;
}

class Scan {
  readonly counts = Object.fromEntries(features.map((name) => [name, 0])) as FeatureCounts;
  readonly #text: string;
  #at = 0;
  readonly #words = new WordTally(this.counts);
  #segmentEnd = SEGMENT;

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    while (this.#at < this.#text.length) {
      this.#take(this.#scriptAt(this.#at));
      if (this.#at < this.#segmentEnd) continue;
      this.#words.share();
      this.#segmentEnd = this.#at + SEGMENT;
    }
    this.#words.share();
  }

  #scriptAt(at: number): Script | undefined {
    return at < this.#text.length ? scriptOf(this.#text.charCodeAt(at)) : undefined;
  }

  #take(script: Script | undefined): void {
    if (isLatin(script)) return this.#takeWord();
    if (isBlank(script)) return this.#takeBlank();
    switch (script) {
      case 'digit':
        return this.#takeNumber();
      case 'punctuation':
        return this.#takePunctuation();
      case 'cyrillic':
        return this.#takeCyrillic();
      default:
        return this.#takeSingle(script);
    }
  }

  /** One word, or one hump of a camel-cased name. */
  #takeWord(): void {
    const start = this.#at;
    let marks = 0;
    let lowers = 0;
    let script = this.#scriptAt(start);
    while (isLatin(script) && !(script === 'upper' && this.#isNewHump(start, lowers))) {
      lowers += Number(script !== 'upper');
      marks += Number(script === 'marked');
      script = this.#scriptAt(++this.#at);
    }
    this.counts.marks += marks;
    if (!this.#isSpaced(start)) this.counts.unspacedWords++;
    if (lowers === 0 && this.#at - start > 1) this.#countCapitals(this.#at - start);
    else this.#words.add(this.#text.slice(start, this.#at), marks > 0);
  }

  /** A capital begins anew after small letters, and as the last one before them. */
  #isNewHump(start: number, lowers: number): boolean {
    return lowers > 0 || (this.#at > start && this.#scriptAt(this.#at + 1) === 'lower');
  }

  #countCapitals(length: number): void {
    this.counts.capitals += length;
    this.counts.capitalWords++;
  }

  #isSpaced(start: number): boolean {
    return start > 0 && this.#text.charCodeAt(start - 1) === 0x20;
  }

  #takeNumber(): void {
    const start = this.#at;
    if (this.#isSpaced(start)) this.counts.spacedNumbers++;
    const length = this.#skip('digit');
    this.counts.digits += length;
    this.counts.digitGroups += Math.ceil(length / 3);
  }

  #takePunctuation(): void {
    this.counts.punctuationRuns++;
    let before = this.#text.charCodeAt(this.#at++);
    while (this.#scriptAt(this.#at) === 'punctuation') {
      const code = this.#text.charCodeAt(this.#at++);
      this.counts[code === before ? 'punctuationRepeats' : 'punctuationChanges']++;
      before = code;
    }
  }

  /** A single space goes with the word behind it; several, and line ends, are tokens of their own. */
  #takeBlank(): void {
    const start = this.#at;
    let newlines = 0;
    let script = this.#scriptAt(start);
    let last = script;
    while (isBlank(script)) {
      if (script === 'newline') newlines++;
      last = script;
      script = this.#scriptAt(++this.#at);
    }
    if (newlines > 0) this.counts.newlineRuns++;
    const isWide = this.#at - start > 1 || this.#text.charCodeAt(start) === 0x09;
    if (isWide && last === 'space') this.counts.indents++;
  }

  #takeCyrillic(): void {
    this.counts.cyrillicWords++;
    this.counts.cyrillicLetters += this.#skip('cyrillic');
  }

  #takeSingle(script: Script | undefined): void {
    this.#at++;
    switch (script) {
      case 'han':
      case 'kana':
      case 'hangul':
      case 'greek':
      case 'semitic':
      case 'astral':
        this.counts[script]++;
        return;
      case 'letter':
        this.counts.letters++;
        return;
      default:
        this.counts.signs++;
    }
  }

  #skip(script: Script): number {
    const start = this.#at;
    while (this.#scriptAt(this.#at) === script) this.#at++;
    return this.#at - start;
  }
}
