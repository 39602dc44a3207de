import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { spread } from './figures.ts';
import { expectBooksAgree, generationsOf } from './provider-books.ts';
import { eventually, type Stack, type UsageRow } from './stack.ts';

const models = ['near_qwen3_30b', 'phala_llama_3_3_70b', 'vercel_gpt_4o'];

/** An answer that reached its caller whole, with the provider's own figures. */
export interface Delivered {
  requestId: string;
  /** The provider's, where it is not ours in its place. */
  answerId: string;
  promptTokens: number;
  completionTokens: number;
}

interface Phase {
  delivered: number;
  latencies: number[];
  refused: Map<string, number>;
}

/** Customers who ask all the time, plain and streamed, at every gateway, and remember what they got. */
export class Load {
  readonly delivered: Delivered[] = [];
  #phase: Phase = { delivered: 0, latencies: [], refused: new Map() };
  #isOn = true;
  readonly #callers: Promise<void>[];

  constructor(
    private readonly stack: Stack,
    private readonly patienceMs: number,
    callers = 6,
  ) {
    this.#callers = Array.from({ length: callers }, (_, caller) => this.#keepAsking(caller, callers));
  }

  /** Begins to count anew. @returns what happened since the last time, for a person */
  turn(): { share: number; text: string } {
    const { delivered, latencies, refused } = this.#phase;
    this.#phase = { delivered: 0, latencies: [], refused: new Map() };
    const asked = delivered + [...refused.values()].reduce((sum, count) => sum + count, 0);
    const share = delivered / Math.max(1, asked);
    const others = JSON.stringify(Object.fromEntries(refused));
    return {
      share,
      text: `${(share * 100).toFixed(1)} % of ${asked} answered, ${spread(latencies)}, others ${others}`,
    };
  }

  async end(): Promise<void> {
    this.#isOn = false;
    await Promise.all(this.#callers);
  }

  /** Every answer that came whole is paid once, with its own and its provider's figures. @returns figures for a person */
  async expectPaidOnce(): Promise<string> {
    let rows: UsageRow[] = [];
    await eventually(async () => {
      rows = await this.stack.usage();
      const known = new Set(rows.map(({ requestId }) => requestId));
      expect(this.delivered.filter(({ requestId }) => !known.has(requestId))).toEqual([]);
    }, 60_000);
    const byId = new Map(rows.map((row) => [row.requestId, row]));
    expect(rows.length).toBe(byId.size);
    const wrong = this.delivered.filter(({ requestId, promptTokens, completionTokens }) => {
      const row = byId.get(requestId);
      const isRight = row?.promptTokens === promptTokens && row.completionTokens === completionTokens;
      return row?.outcome !== 'completed' || !isRight;
    });
    expect(wrong).toEqual([]);
    const outcomes = Object.groupBy(rows, ({ outcome }) => outcome);
    const counts = Object.entries(outcomes).map(([outcome, list]) => `${outcome} ${list?.length}`);
    const books = await this.#compareBooks();
    return `delivered whole ${this.delivered.length}, unpaid 0, paid twice 0; rows: ${counts.join(', ')}\n  ${books}`;
  }

  /** What callers left goes on for a while at providers, and is settled then. */
  async #compareBooks(): Promise<string> {
    let books = '';
    await eventually(async () => {
      // What else ran beside has its own provider.
      const rows = (await this.stack.usage()).filter(({ model }) => models.includes(model));
      books = expectBooksAgree(await generationsOf(this.stack), this.delivered, rows);
    }, 60_000);
    return books;
  }

  async #keepAsking(caller: number, callers: number): Promise<void> {
    for (let index = caller; this.#isOn; index += callers) {
      await this.#ask(index);
      await sleep(20);
    }
  }

  async #ask(index: number): Promise<void> {
    const stream = index % 2 === 0;
    const body = {
      model: models[index % models.length],
      messages: [{ role: 'user', content: `Question ${index}` }],
      ...(stream && { stream, stream_options: { include_usage: true } }),
    };
    const startedAt = performance.now();
    try {
      const { gateways } = this.stack.file;
      const api = gateways[index % gateways.length]!;
      const response = await this.stack.chat(body, { signal: AbortSignal.timeout(this.patienceMs), api });
      const text = await response.text();
      const usage = response.ok ? usageOfWhole(text, stream) : undefined;
      if (!usage) {
        this.#count(response.ok ? 'broken off' : `${response.status} ${codeIn(text)}`);
        return;
      }
      this.#phase.delivered += 1;
      this.#phase.latencies.push(performance.now() - startedAt);
      this.delivered.push({ requestId: response.headers.get('x-request-id')!, ...usage });
    } catch (error) {
      this.#count((error as Error).name);
    }
  }

  #count(reason: string): void {
    const { refused } = this.#phase;
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
  }
}

const codeIn = (text: string) => (JSON.parse(text) as { error: { code: string } }).error.code;

interface AnswerPart {
  id: string;
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
}

/** @returns undefined when the answer is not whole */
export function usageOfWhole(text: string, stream: boolean): Omit<Delivered, 'requestId'> | undefined {
  if (stream && !text.includes('data: [DONE]')) return undefined;
  const events = stream
    ? text
        .split('\n\n')
        .filter((event) => event.startsWith('data: {'))
        .map((event) => event.slice(6))
    : [text];
  const parts = events.map((event) => JSON.parse(event) as AnswerPart);
  const { id, usage } = parts.findLast((part) => part.usage)!;
  return { answerId: id, promptTokens: usage!.prompt_tokens, completionTokens: usage!.completion_tokens };
}
