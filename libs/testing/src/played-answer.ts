import { EventEmitter } from 'node:events';
import { answerHeaders, type TakenRequest } from '@orgn/channel';

const listed: ReadonlySet<string> = new Set(answerHeaders);

/** The way back to a gateway, as a test plays it; spoken like an answer of Node's HTTP. Emits `drain` and `close`. */
export class PlayedAnswer extends EventEmitter {
  constructor(private readonly request: TakenRequest) {
    super();
    request.onDrain(() => this.emit('drain'));
    request.onClose(() => this.emit('close'));
  }

  get destroyed(): boolean {
    return this.request.isClosed;
  }

  /** Headers that the channel does not list are not said: it cannot carry them. */
  writeHead(status: number, headers: Record<string, string> = {}): this {
    const said = Object.fromEntries(Object.entries(headers).filter(([name]) => listed.has(name)));
    this.request.begin(status, said);
    return this;
  }

  write(text: string): boolean {
    return this.request.write(Buffer.from(text));
  }

  end(text = ''): void {
    this.request.end(Buffer.from(text));
  }

  /** Breaks the answer off. */
  destroy(): void {
    this.request.abort();
  }
}
