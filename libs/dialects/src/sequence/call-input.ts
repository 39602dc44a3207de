type State = 'blank' | 'open' | 'closed' | 'broken';

/**
 * The arguments of a call while they come in pieces: tells when the JSON object is closed. No proper prefix of an object is
 * an object, so that a closed one is whole whatever follows. Reads each character once.
 */
export class CallInput {
  #pieces: string[] = [];
  #state: State = 'blank';
  #depth = 0;
  #isInString = false;
  #isEscaped = false;

  get isBlank(): boolean {
    return this.#state === 'blank';
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  get text(): string {
    if (this.#pieces.length > 1) this.#pieces = [this.#pieces.join('')];
    return this.#pieces[0] ?? '';
  }

  add(piece: string): void {
    this.#pieces.push(piece);
    for (const character of piece) this.#read(character);
  }

  /** The arguments; those of a call without any are an empty object. @returns undefined when they are no JSON object */
  parse(): object | undefined {
    if (this.isBlank) return {};
    if (!this.isClosed) return undefined;
    try {
      return JSON.parse(this.text) as object;
    } catch {
      return undefined;
    }
  }

  #read(character: string): void {
    if (this.#state === 'open') this.#readInside(character);
    else if (!isBlank(character)) this.#begin(character);
  }

  #begin(character: string): void {
    this.#state = this.#state === 'blank' && character === '{' ? 'open' : 'broken';
    this.#depth = 1;
  }

  #readInside(character: string): void {
    if (this.#isInString) return this.#readString(character);
    if (character === '"') this.#isInString = true;
    else if (character === '{' || character === '[') this.#depth += 1;
    else if (character === '}' || character === ']') this.#depth -= 1;
    if (this.#depth === 0) this.#state = 'closed';
  }

  #readString(character: string): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === '\\') this.#isEscaped = true;
    else if (character === '"') this.#isInString = false;
  }
}

/** White space only, or nothing. */
export const isBlank = (text: string) => text.trim() === '';
