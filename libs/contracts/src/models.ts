import { MAX_ENTRIES, shortText } from './bounds.ts';
import { z } from 'zod';
import { request } from './contract.ts';

/** How a model executes: in an attested enclave, under zero data retention, or on the operator's own endpoint. */
export const execution = z.enum(['tee', 'zdr', 'operator']);
export type Execution = z.output<typeof execution>;

export const modelType = z.enum(['chat', 'embedding', 'rerank', 'transcription']);
export type ModelType = z.output<typeof modelType>;

/**
 * What a model can be asked for. The first five name endpoints (`/v1/responses` and `/v1/messages` need `chat`); the
 * others are features of a request, such as tools in it or an image among its parts.
 */
export const capability = z.enum([
  'chat',
  'completions',
  'embeddings',
  'rerank',
  'transcription',
  'tools',
  'json_schema',
  'vision',
  'audio',
  'files',
  'reasoning',
]);
export type Capability = z.output<typeof capability>;

export const modality = z.enum(['text', 'image', 'audio', 'file', 'embedding']);
export type Modality = z.output<typeof modality>;

/** Whose vocabulary a model reads text with, as far as token counts are estimated apart. */
export const tokenizerFamily = z.enum(['gpt', 'claude', 'qwen', 'deepseek', 'llama']);
export type TokenizerFamily = z.output<typeof tokenizerFamily>;

const decimal = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'must be a decimal like "0.15" (USD)');

/** USD per million tokens as a decimal string, at most 9 decimal places: exact, never a float. */
export const pricePerMillion = decimal;
/** USD for one image, second or request, as a decimal string like `pricePerMillion`. */
export const pricePerUnit = decimal;

/** Prices of tokens. A class without a price of its own costs what the dearer class that contains it costs. */
const tokenPrices = {
  input: pricePerMillion,
  output: pricePerMillion,
  /** Prompt tokens that the provider read from its cache; absent: as `input`. */
  cachedInput: pricePerMillion.optional(),
  /** Prompt tokens that the provider wrote to its cache; absent: as `input`. */
  cacheWrite: pricePerMillion.optional(),
  /** Output tokens spent on reasoning; absent: as `output`. */
  reasoning: pricePerMillion.optional(),
};

/** What a model costs, by every class that providers charge for. */
export const price = z.strictObject({
  ...tokenPrices,
  /** Each image of the request. */
  image: pricePerUnit.optional(),
  /** Each second of audio of the request, begun seconds counting whole. */
  audioSecond: pricePerUnit.optional(),
  /** Each answered request, besides everything else. */
  request: pricePerUnit.optional(),
  /** Token prices of a request whose prompt has more than `aboveTokens` tokens: they replace the others for all of it. */
  longContext: z.strictObject({ aboveTokens: z.number().int().positive(), ...tokenPrices }).optional(),
});
export type ModelPrice = z.output<typeof price>;

/** A price that replaces the one before it for requests that are admitted at `validFrom` or later. */
export const laterPrice = price.extend({ validFrom: z.iso.datetime({ offset: true }).max(64) });
export type LaterPrice = z.output<typeof laterPrice>;

const tokens = z.number().int().nonnegative().max(10_000_000);

/**
 * Most tokens that a model makes of what prompts have besides text. Of text it makes no more than there are bytes. Money is
 * held by these bounds before a request is sent.
 */
export const promptBounds = z
  .strictObject({
    /** Around a whole prompt: the template, an engine's own system prompt. */
    prompt: tokens,
    /** Around each message. */
    message: tokens,
    /** Around a list of tools, and around each of them. */
    tools: tokens,
    tool: tokens,
    /** Of an image, of a page of a document, of a second of sound; absent: a request with one is refused. */
    image: tokens.optional(),
    page: tokens.optional(),
    /** Pages that the provider reads of a document at most. */
    pages: tokens.optional(),
    audioSecond: tokens.optional(),
    /** Nobody outside knows the tokenizer: what a provider counts beyond the bound is charged all the same, and raises an alarm. */
    assumed: z.boolean().default(false),
  })
  .refine(({ page, pages }) => (page === undefined) === (pages === undefined), 'page and pages need each other');

/** One model as gateways know it: what to check and what to show, never where it runs or with which credential. */
export const model = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9]+(_[a-z0-9]+)+$/, 'must be lower-case words joined by underscores')
    .max(128),
  provider: shortText,
  execution,
  type: modelType,
  /** Name for people. */
  displayName: z.string().min(1).max(80),
  /** Who made the model. */
  ownedBy: z.string().min(1).max(80),
  capabilities: z.array(capability).max(MAX_ENTRIES),
  inputModalities: z.array(modality).max(MAX_ENTRIES),
  outputModalities: z.array(modality).max(MAX_ENTRIES),
  /** Longest prompt plus answer, in tokens. */
  context: z.number().int().positive(),
  /** Longest answer, in tokens; 0 where an answer has no tokens. */
  maxOutput: z.number().int().nonnegative(),
  /** Output limit that the router sets when the caller gives none, in tokens. */
  defaultOutput: z.number().int().nonnegative(),
  /**
   * The provider caches prompts for this model, and the operator has decided that it does so within what is promised of
   * retention: callers' `cache_control` passes.
   */
  promptCaching: z.boolean().default(false),
  /** Whose tokens its prompts are estimated in; absent: by its name. */
  tokenizer: tokenizerFamily.optional(),
  /** Absent: its context is all that bounds a prompt. */
  bounds: promptBounds.optional(),
  /** What it costs now. */
  price,
  /** What it will cost, by date. */
  laterPrices: z.array(laterPrice).max(8).optional(),
  /** Limits and prices are examples that nobody has checked against the provider. */
  isSample: z.boolean(),
});
export type Model = z.output<typeof model>;

/**
 * The models that a router serves: those of its catalogue whose provider it is configured for. `version` is a digest of both.
 * Routers may differ, so gateways ask each by its own subject.
 */
export const listModels = request('models.list', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({}),
  reply: z.object({ version: shortText, createdAt: shortText, models: z.array(model).max(MAX_ENTRIES) }),
  errors: [],
  timeoutMs: 3_000,
  isHedged: true,
});
