import type { JsonMember } from '../json/json-members.ts';
import type { Edit } from '../json/splice.ts';
import { parseOrUndefined, type AnswerParts } from './answer-parts.ts';

/** What a request is charged for: what its answer has to say of usage. */
export interface ToldUsage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens?: number | undefined;
  cacheWriteTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  audioSeconds?: number | undefined;
  /** Search units of a reranking. */
  requests?: number | undefined;
}

/** How the answers of an endpoint say what was used. */
export interface UsageForm {
  /** The `usage` of an answer. */
  write(told: ToldUsage): Figures;
  /** Whether a provider's `usage` says this already. */
  says(usage: Figures, told: ToldUsage): boolean;
  /** Whether answers have a `usage` even where a provider's has none. */
  isExpected: boolean;
}

interface Details {
  cached_tokens?: unknown;
  reasoning_tokens?: unknown;
}
interface Figures extends Readonly<Record<string, unknown>> {
  prompt_tokens_details?: Details | null;
  completion_tokens_details?: Details | null;
}

/** `usage` of chat and of the older completions. */
export const tokenUsage: UsageForm = {
  isExpected: true,
  write: (told) => ({
    prompt_tokens: told.promptTokens,
    completion_tokens: told.completionTokens,
    total_tokens: told.promptTokens + told.completionTokens,
    ...promptDetails(told),
    ...(told.reasoningTokens && { completion_tokens_details: { reasoning_tokens: told.reasoningTokens } }),
  }),
  says: (usage, told) => sameFigures(figuresOf(usage), figuresOf(tokenUsage.write(told))),
};

/** What a `usage` says of the tokens that are charged. */
function figuresOf(usage: Figures): unknown[] {
  const { prompt_tokens, completion_tokens, total_tokens } = usage;
  const total = total_tokens ?? Number(prompt_tokens) + Number(completion_tokens);
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
  return [prompt_tokens, completion_tokens, total, cached, usage.completion_tokens_details?.reasoning_tokens ?? 0];
}

const sameFigures = (some: unknown[], others: unknown[]) => some.every((figure, at) => figure === others[at]);

function promptDetails({ cachedTokens = 0, cacheWriteTokens = 0 }: ToldUsage) {
  if (cachedTokens + cacheWriteTokens === 0) return {};
  const written = cacheWriteTokens > 0 ? { cache_write_tokens: cacheWriteTokens } : {};
  return { prompt_tokens_details: { cached_tokens: cachedTokens, ...written } };
}

/** `usage` of embeddings. */
export const inputUsage: UsageForm = {
  isExpected: true,
  write: ({ promptTokens }) => ({ prompt_tokens: promptTokens, total_tokens: promptTokens }),
  says: (usage, told) => (usage.prompt_tokens ?? usage.total_tokens) === told.promptTokens,
};

/** `usage` of reranking, where it is told in tokens. */
export const rerankUsage: UsageForm = {
  isExpected: false,
  write: ({ promptTokens }) => ({ total_tokens: promptTokens }),
  says: (usage, told) => (usage.prompt_tokens ?? usage.total_tokens) === told.promptTokens,
};

/** `usage` of transcriptions: seconds, begun ones whole, or tokens. */
export const audioUsage: UsageForm = {
  isExpected: false,
  write: ({ audioSeconds = 0 }) => ({ type: 'duration', seconds: audioSeconds }),
  says: ({ seconds, input_tokens, output_tokens }, told) =>
    typeof seconds === 'number'
      ? Math.ceil(seconds) === told.audioSeconds
      : input_tokens === told.promptTokens && (output_tokens ?? 0) === told.completionTokens,
};

/** The `usage` of an answer as JSON text. @param costUsd a JSON number, such as `0.000123000` */
export function usageText(form: UsageForm, told: ToldUsage, costUsd?: string): string {
  const text = JSON.stringify(form.write(told));
  return costUsd === undefined ? text : `${text.slice(0, -1)},"cost":${costUsd}}`;
}

/** What an answer is to say of its usage, and how. */
export interface Telling {
  form: UsageForm;
  told: ToldUsage;
  /** As in `usageText`; absent: nothing of it is said. */
  costUsd?: string | undefined;
}

/**
 * Makes an answer say what it is charged by: where the provider says something else, or nothing, its `usage` is replaced.
 * @param json the bytes that `parts` were read from
 */
export function usageEdits(json: Buffer, parts: AnswerParts, how: Telling): Edit[] {
  const { form, told, costUsd } = how;
  const usages = parts.members.filter(({ name }) => name === 'usage');
  const last = parts.members.at(-1);
  const text = usageText(form, told, costUsd);
  if (usages.length === 0) {
    if (!form.isExpected || !last) return unitEdits(json, parts, told);
    return [{ start: last.valueEnd, end: last.valueEnd, text: `,"usage":${text}` }];
  }
  const isTold = usages.every((usage) => says(json, usage, how));
  const edits = isTold ? [] : usages.map(({ valueStart, valueEnd }) => ({ start: valueStart, end: valueEnd, text }));
  return [...edits, ...unitEdits(json, parts, told)];
}

function says(json: Buffer, { valueStart, valueEnd }: JsonMember, { form, told }: Telling): boolean {
  const usage = parseOrUndefined(json.subarray(valueStart, valueEnd));
  return typeof usage === 'object' && usage !== null && form.says(usage as Figures, told);
}

/** Cohere's `meta.billed_units.search_units`. */
function unitEdits(json: Buffer, parts: AnswerParts, { requests = 1 }: ToldUsage): Edit[] {
  return parts.members
    .filter(({ name, valueStart }) => name === 'meta' && json[valueStart] === 0x7b)
    .filter(({ valueStart, valueEnd }) => !saysUnits(json.subarray(valueStart, valueEnd), requests))
    .map(({ valueStart, valueEnd }) => ({
      start: valueStart,
      end: valueEnd,
      text: JSON.stringify({ billed_units: { search_units: requests } }),
    }));
}

function saysUnits(meta: Buffer, requests: number): boolean {
  const units = (parseOrUndefined(meta) as { billed_units?: { search_units?: unknown } | null }).billed_units
    ?.search_units;
  return units === undefined || (typeof units === 'number' && Math.max(1, Math.ceil(units)) === requests);
}
