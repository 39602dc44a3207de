/** One step of a path into a request: a member's name or an element's index. */
export type Step = string | number;

/** Tells a caller what of its request was not used. */
export const DROPPED_HEADER = 'x-ollm-dropped';

const MAX_NAMES = 32;
const MAX_BYTES = 1_024;
/** Room for the last `+N`. */
const REST_BYTES = 16;
/** Names that may be repeated in a header; others are the caller's content. */
const SHOWN = /^[A-Za-z0-9_.-]{1,64}$/;

/** What of a request was not used, for the header `x-ollm-dropped`. Bounded, whatever the request. */
export class DroppedNames {
  readonly #paths: string[] = [];
  #bytes = 0;
  #unnamed = 0;

  /** @param path as `param` of an error writes it: `tools[3].defer_loading` */
  add(path: readonly Step[]): void {
    this.#append(path.every((step) => typeof step === 'number' || SHOWN.test(step)) ? toPath(path) : undefined);
  }

  /** Takes in what another wrote in its header: paths, and a last `+N` for those it did not name. */
  addHeader(header: string): void {
    for (const each of header.split(', ')) {
      if (each.startsWith('+')) this.#unnamed += Number(each.slice(1)) || 0;
      else if (each) this.#append(each);
    }
  }

  /** `a, b[0].c, +3`; undefined when nothing was dropped. */
  toHeader(): string | undefined {
    const names = this.#unnamed > 0 ? [...this.#paths, `+${this.#unnamed}`] : this.#paths;
    return names.length > 0 ? names.join(', ') : undefined;
  }

  #append(text: string | undefined): void {
    const bytes = (text?.length ?? 0) + 2;
    if (text === undefined || this.#paths.length >= MAX_NAMES || this.#bytes + bytes > MAX_BYTES - REST_BYTES) {
      this.#unnamed += 1;
      return;
    }
    this.#paths.push(text);
    this.#bytes += bytes;
  }
}

/** A path as OpenAI writes it: `messages[0].content`. */
export function toPath(path: readonly Step[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text ? `${text}.${step}` : step;
  }, '');
}
