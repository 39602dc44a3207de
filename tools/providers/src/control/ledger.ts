const mostGenerations = 20_000;
const mostBodies = 20;

/** One answer as the provider itself saw it. */
export interface Generation {
  readonly id: string;
  readonly model: string;
  readonly promptTokens: number;
  /** Tokens handed to the socket, also of a stream that was cut. */
  completionTokens: number;
  /** Whether the whole answer was handed over. */
  finished: boolean;
  /** Chunks of a stream that carried a token; 1 for the body of an answer that is not streamed. */
  deliveredChunks: number;
}

interface Counts {
  requests: number;
  completed: number;
  failed: number;
  abortedRequests: number;
  promptTokens: number;
  completionTokens: number;
  lastBodiesSha256: string[];
  generations: Generation[];
}

/** What `GET /control/received` says of one provider. */
export interface Received extends Counts {
  readonly openRequests: number;
}

/** What one provider received and produced. Holds no bodies, prompts or keys: only numbers and digests. */
export class Ledger {
  private counts = emptyCounts();
  private openRequests = 0;

  /** A request has arrived. */
  open(): LedgerEntry {
    this.openRequests += 1;
    this.counts.requests += 1;
    return new LedgerEntry(this.counts, () => {
      this.openRequests -= 1;
    });
  }

  report(): Received {
    return { ...this.counts, openRequests: this.openRequests };
  }

  /** Starts new counts. Requests still open stay in `openRequests` and count nowhere else. */
  reset(): void {
    this.counts = emptyCounts();
  }
}

/** The entry of one request. It writes to the counts that were valid when the request came. */
export class LedgerEntry {
  private readonly counts: Counts;
  private readonly close: () => void;
  private generation: Generation | undefined;

  constructor(counts: Counts, close: () => void) {
    this.counts = counts;
    this.close = close;
  }

  /** What was begun, undefined before. */
  get answer(): Readonly<Generation> | undefined {
    return this.generation;
  }

  body(sha256: string): void {
    keepLast(this.counts.lastBodiesSha256, sha256, mostBodies);
  }

  /** An answer begins: from here on its prompt is counted. */
  begin(id: string, model: string, promptTokens: number): void {
    this.generation = { id, model, promptTokens, completionTokens: 0, finished: false, deliveredChunks: 0 };
    this.counts.promptTokens += promptTokens;
    keepLast(this.counts.generations, this.generation, mostGenerations);
  }

  /** Tokens go out to the caller. */
  sent(tokens: number, chunks: number): void {
    this.counts.completionTokens += tokens;
    if (this.generation === undefined) return;
    this.generation.completionTokens += tokens;
    this.generation.deliveredChunks += chunks;
  }

  /** The request is over; called once. */
  settle(outcome: 'completed' | 'failed' | 'abortedRequests'): void {
    this.close();
    this.counts[outcome] += 1;
    if (this.generation !== undefined) this.generation.finished = outcome === 'completed';
  }
}

function emptyCounts(): Counts {
  return {
    requests: 0,
    completed: 0,
    failed: 0,
    abortedRequests: 0,
    promptTokens: 0,
    completionTokens: 0,
    lastBodiesSha256: [],
    generations: [],
  };
}

function keepLast<Item>(list: Item[], item: Item, most: number): void {
  list.push(item);
  if (list.length > most) list.shift();
}
