import type { Socket } from 'node:net';

type Listener = ((...values: unknown[]) => unknown) | null;

/** What Node leaves undocumented of it: it calls what stands under these numbers, and nothing where there is no function. */
type Parser = Record<number, Listener | undefined>;

interface EventNumbers {
  kOnHeadersComplete?: number;
  kOnBody?: number;
  kOnMessageComplete?: number;
}

/**
 * What Node's HTTP parser tells of a connection while it reads. One read of 64 KiB can hold eleven thousand pieces of a body
 * or more than a thousand requests, and nothing but this ends it half-way: neither a pause nor the end of the socket does.
 */
export class ParserEvents {
  readonly #before = new Map<number, Listener>();

  private constructor(
    private readonly parser: Parser,
    private readonly numbers: EventNumbers,
  ) {}

  /** @returns undefined where Node keeps no parser of its own there */
  static of(socket: Socket): ParserEvents | undefined {
    const { parser } = socket as { parser?: Parser | null };
    if (!parser) return undefined;
    return new ParserEvents(parser, parser.constructor as EventNumbers);
  }

  /** Tells of each piece of a body before anybody else hears of it. */
  beforeBody(tell: (piece: Buffer) => void): void {
    this.#replace(
      this.numbers.kOnBody,
      (hear) =>
        function (this: unknown, ...values: unknown[]) {
          tell(values[0] as Buffer);
          return hear?.apply(this, values);
        },
    );
  }

  /** From now on what is read is told to nobody. */
  silence(): void {
    const { kOnHeadersComplete, kOnBody, kOnMessageComplete } = this.numbers;
    for (const event of [kOnHeadersComplete, kOnBody, kOnMessageComplete]) this.#replace(event, () => null);
  }

  /** As Node had it. Parsers are used again: none may be given back otherwise. */
  restore(): void {
    for (const [event, listener] of this.#before) this.parser[event] = listener;
    this.#before.clear();
  }

  #replace(event: number | undefined, by: (before: Listener) => Listener): void {
    const before = event === undefined ? undefined : this.parser[event];
    if (event === undefined || before === undefined) return;
    if (!this.#before.has(event)) this.#before.set(event, before);
    this.parser[event] = by(before);
  }
}
