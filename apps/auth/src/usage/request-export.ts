import type { ConsoleRequest } from '@orgn/console-api';
import { csvLine as line } from '../console/csv.ts';

type Pages = AsyncGenerator<ConsoleRequest[], string | null>;

const columns: [name: string, value: (request: ConsoleRequest) => string | number | boolean | null][] = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => at],
  ['outcome', ({ outcome }) => outcome],
  ['source', ({ source }) => source],
  ['key_id', ({ key }) => key?.id ?? null],
  ['key_name', ({ key }) => key?.name ?? null],
  ['member_id', ({ member }) => member?.id ?? null],
  ['member_name', ({ member }) => member?.name ?? null],
  ['owner', ({ owner }) => owner],
  ['model', ({ model }) => model],
  ['provider', ({ provider }) => provider],
  ['execution', ({ execution }) => execution],
  ['streamed', ({ streamed }) => streamed],
  ['prompt_tokens', ({ promptTokens }) => promptTokens],
  ['completion_tokens', ({ completionTokens }) => completionTokens],
  ['cost_usd', ({ costUsd }) => costUsd],
  ['duration_ms', ({ durationMs }) => durationMs],
  ['code', ({ refusal }) => refusal?.code ?? null],
  ['param', ({ refusal }) => refusal?.param ?? null],
];

/** Requests as CSV (RFC 4180). The last line of what was cut off says with which cursor to go on. */
export async function* toCsv(pages: Pages): AsyncGenerator<string> {
  yield line(columns.map(([name]) => name));
  const rest = yield* lines(pages, (request) => line(columns.map(([, valueOf]) => valueOf(request))));
  if (rest !== null) yield line(['more', rest]);
}

/** Requests as NDJSON, one a line; the last line of what was cut off is `{"nextCursor": …}`. */
export async function* toNdjson(pages: Pages): AsyncGenerator<string> {
  const rest = yield* lines(pages, (request) => `${JSON.stringify(request)}\n`);
  if (rest !== null) yield `${JSON.stringify({ nextCursor: rest })}\n`;
}

async function* lines(
  pages: Pages,
  toLine: (request: ConsoleRequest) => string,
): AsyncGenerator<string, string | null> {
  for (;;) {
    const page = await pages.next();
    if (page.done) return page.value;
    if (page.value.length > 0) yield page.value.map(toLine).join('');
  }
}
