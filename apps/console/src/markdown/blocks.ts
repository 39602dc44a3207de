import { Lexer, type Token, type TokensList } from 'marked';

/** Blocks at the end of what has come that are read again: the next word may change what they are. */
const OPEN = 3;
/** A line of text whose marks take longer than this to pair is shown as it is. */
const MAX_INLINE = 8_000;
/** So many characters tell whether a text is one that was read before. */
const SEEN = 256;
/** An unfinished end longer than this waits as text until it ends, and an answer longer than that stays text. */
const MAX_TAIL = 32_000;
const MAX_TEXT = 1_000_000;
/** More marks than this at the beginning of one line are no outline that anybody reads. */
const NESTED = /^(?:[ \t]{0,200}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){12}/m;

/** One block of an answer. A settled one is the same object from then on. */
export interface Block {
  token: Token;
  /** It has not ended yet: more of it may come. */
  isOpen: boolean;
}

/** Some blocks that stand one after the other. */
export type Stretch = readonly Block[];
/** So many blocks make a stretch, which nothing looks into any more once it is full. */
const STRETCH = 16;

/**
 * Reads Markdown while it comes. What has ended is kept; only the end of the text is read again. Every step is bounded: what
 * would take long to read is one block of plain text.
 */
export class Blocks {
  #text = '';
  #isWhole = false;
  #latest: readonly Stretch[] = [];
  /** How much of the text is settled, in characters; its full stretches, and the blocks after them. */
  #upTo = 0;
  #full: Stretch[] = [];
  #settled: Block[] = [];

  /**
   * @param text all that has come so far
   * @param isDone nothing follows: where links may be defined at the end, all is read once more as a whole
   * @returns the blocks in stretches; a full one that has settled is the same object from then on
   */
  read(text: string, isDone: boolean): readonly Stretch[] {
    if (isDone === this.#isWhole && text === this.#text) return this.#latest;
    if ((isDone && isReadAsAWhole(text)) || !this.#isBeginningOf(text)) this.#forget();
    this.#text = text;
    this.#isWhole = isDone;
    const tokens = lex(text.slice(this.#upTo), isDone ? MAX_TEXT : MAX_TAIL);
    const open = isDone ? tokens : tokens.slice(this.#settle(tokens));
    const blocks = open.map((token, at) => ({ token, isOpen: !isDone && at === open.length - 1 }));
    this.#latest = [...this.#full, ...inStretches([...this.#settled, ...blocks.filter(isSeen)])];
    return this.#latest;
  }

  /** Whether what was read before is how this text begins; its end tells, because texts only grow. */
  #isBeginningOf(text: string): boolean {
    const from = Math.max(0, this.#text.length - SEEN);
    return text.startsWith(this.#text.slice(from), from);
  }

  /** @returns how many of the tokens have ended */
  #settle(tokens: readonly Token[]): number {
    let ended = 0;
    for (const token of tokens.slice(0, -OPEN)) {
      // The lexer writes some ends of blocks in its own way; what it wrote otherwise stays open until all is read.
      if (!this.#text.startsWith(token.raw, this.#upTo)) break;
      this.#upTo += token.raw.length;
      ended += 1;
      const block = { token, isOpen: false };
      if (isSeen(block)) this.#settled.push(block);
      if (this.#settled.length === STRETCH) this.#full.push(this.#settled.splice(0));
    }
    return ended;
  }

  #forget(): void {
    this.#upTo = 0;
    this.#full = [];
    this.#settled = [];
  }
}

/** What stands at its end may say what stands before it. */
function isReadAsAWhole(text: string): boolean {
  return text.includes(']:') || text.length > MAX_TEXT || NESTED.test(text);
}

function isSeen({ token }: Block): boolean {
  return token.type !== 'space' && token.type !== 'def';
}

function inStretches(blocks: readonly Block[]): Stretch[] {
  return Array.from({ length: Math.ceil(blocks.length / STRETCH) }, (_, at) =>
    blocks.slice(at * STRETCH, (at + 1) * STRETCH),
  );
}

/** The blocks of a text that has no other ends of lines than `\n`. */
function lex(text: string, limit = MAX_TEXT): Token[] {
  if (text.length > limit || NESTED.test(text)) return [plain(text)];
  try {
    return tokensOf(text);
  } catch {
    return [plain(text)];
  }
}

function tokensOf(text: string): TokensList {
  const lexer = new Lexer({ gfm: true });
  lexer.blockTokens(text, lexer.tokens);
  for (const { src, tokens } of lexer.inlineQueue) {
    if (src.length > MAX_INLINE) tokens.push(plain(src));
    else lexer.inlineTokens(src, tokens);
  }
  return lexer.tokens;
}

function plain(text: string): Token {
  return { type: 'text', raw: text, text, escaped: false };
}
