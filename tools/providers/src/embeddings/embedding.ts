import { countAt, modelOf, wantsZeroDataRetention } from '../chat/chat-request.ts';
import { badRequest } from '../http/refusal.ts';
import { pick, randomFrom } from '../text/random.ts';
import { countTokens } from '../text/tokens.ts';

type EmbeddingInput = string | readonly number[];

export interface EmbeddingRequest {
  readonly model: string;
  readonly inputs: readonly EmbeddingInput[];
  readonly dimensions: number;
  readonly isBase64: boolean;
  readonly zeroDataRetention: boolean;
}

const mostInputs = 2048;
const mostDimensions = 4096;
const usualDimensions = 1536;

/** Reads an embeddings request: text, texts, tokens or lists of tokens. Throws a 400 Refusal. */
export function parseEmbeddingRequest(body: Record<string, unknown>): EmbeddingRequest {
  const format = body.encoding_format ?? 'float';
  if (format !== 'float' && format !== 'base64') throw badRequest('encoding_format', 'encoding_format is unknown');
  return {
    model: modelOf(body),
    inputs: inputsOf(body.input),
    dimensions: countAt(body, 'dimensions', mostDimensions) ?? usualDimensions,
    isBase64: format === 'base64',
    zeroDataRetention: wantsZeroDataRetention(body),
  };
}

/** Prompt tokens of an embeddings request: see countTokens; a token list counts its length. */
export function countInputTokens(request: EmbeddingRequest, bodyBytes: number): number {
  const counts = request.inputs.map((input) => (typeof input === 'string' ? countTokens(input) : input.length));
  return Math.min(
    bodyBytes,
    counts.reduce((sum, count) => sum + count, 0),
  );
}

/** One unit vector an input, a pure function of model, input and dimensions. */
export function embed(request: EmbeddingRequest): readonly (readonly number[] | string)[] {
  const vectors = request.inputs.map((input) => unitVector(request, input));
  return request.isBase64 ? vectors.map(toBase64) : vectors;
}

function unitVector(request: EmbeddingRequest, input: EmbeddingInput): readonly number[] {
  const random = randomFrom(request.model, typeof input === 'string' ? input : JSON.stringify(input));
  const raw = Array.from({ length: request.dimensions }, () => pick(random, 2001) - 1000);
  const length = Math.hypot(...raw) || 1;
  // Eight decimals keep the JSON short and the length within 1e-6 of one.
  return raw.map((value) => Math.round((value / length) * 1e8) / 1e8);
}

function toBase64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

function inputsOf(input: unknown): readonly EmbeddingInput[] {
  if (typeof input === 'string' && input !== '') return [input];
  if (isTokens(input)) return [input];
  const list: readonly unknown[] = Array.isArray(input) ? input : [];
  if (list.length === 0) throw badRequest('input', 'Field required: input');
  if (list.length <= mostInputs && list.every(isInput)) return list;
  throw badRequest('input', 'input must be text, a list of texts, tokens or a list of token lists');
}

function isInput(item: unknown): item is EmbeddingInput {
  return (typeof item === 'string' && item !== '') || isTokens(item);
}

function isTokens(input: unknown): input is readonly number[] {
  return Array.isArray(input) && input.length > 0 && input.every((token) => Number.isInteger(token) && token >= 0);
}
