import type { CompletionRequest } from '../completions/completion-request.ts';
import type { EmbeddingRequest } from '../embeddings/embedding-request.ts';
import { outputLimitOf } from '../request/output-limit.ts';
import { inputCount } from '../request/prompt-input.ts';
import type { RerankRequest } from '../rerank/rerank-request.ts';
import type { TranscriptionRequest } from '../transcriptions/transcription-request.ts';
import { emptyMeasure, longestSeconds, type RequestMeasure } from './prompt-measure.ts';
import { textBytes } from './text-bytes.ts';

/** What rerankers count long documents by, in tokens. */
const CHUNK_TOKENS = 500;
/** What is transcribed at a time, in seconds. */
const AUDIO_WINDOW_SECONDS = 30;

/** Measures a request of the older completions endpoint: all candidates are generated, also those that `best_of` leaves out. */
export function measureCompletion(request: CompletionRequest): RequestMeasure {
  const { prompt: input, suffix, n, best_of } = request;
  const prompts = inputCount(input);
  const prompt = { ...emptyMeasure(prompts), messages: prompts, bytes: inputBytes(input) + textBytes(suffix ?? '') };
  return { prompt, choices: Math.max(n ?? 1, best_of ?? 1) * prompts, outputLimit: outputLimitOf(request) };
}

export function measureEmbedding({ input }: EmbeddingRequest): RequestMeasure {
  const inputs = inputCount(input);
  return { prompt: { ...emptyMeasure(inputs), messages: inputs, bytes: inputBytes(input) }, choices: 1 };
}

/** Measures a reranking: the query is read, and counted, once with each document; a long document counts as several. */
export function measureRerank({ query, documents }: RerankRequest): RequestMeasure {
  const pairs = documents.length;
  const read = documents.reduce((sum, each) => sum + textBytes(typeof each === 'string' ? each : each.text), 0);
  const bytes = pairs * textBytes(query) + read;
  return {
    prompt: { ...emptyMeasure(pairs), messages: pairs, bytes },
    choices: 1,
    searchUnits: pairs + Math.ceil(bytes / CHUNK_TOKENS),
  };
}

/** @param bytes of the whole form */
export function measureTranscription({ prompt: hint }: TranscriptionRequest, bytes: number): RequestMeasure {
  const audioSeconds = longestSeconds(bytes);
  const windows = Math.max(1, Math.ceil(audioSeconds / AUDIO_WINDOW_SECONDS));
  return { prompt: { ...emptyMeasure(windows), bytes: textBytes(hint ?? ''), audioSeconds }, choices: 1 };
}

/** Texts, or tokens as what they are. */
function inputBytes(input: CompletionRequest['prompt']): number {
  if (typeof input === 'string') return textBytes(input);
  return (input as readonly (string | number | readonly number[])[]).reduce<number>(
    (sum, item) => sum + (typeof item === 'string' ? textBytes(item) : typeof item === 'number' ? 1 : item.length),
    0,
  );
}
