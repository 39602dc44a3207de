import { baseConfig, configClass, port } from '@orgn/service-kit';
import { z } from 'zod';

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .transform((url) => url.replace(/\/+$/, ''));
const milliseconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const schema = baseConfig.extend({
  /** Interface that gateways send requests to. */
  HTTP_HOST: z.string().default('127.0.0.1'),
  /** Port that gateways send requests to. */
  HTTP_PORT: port,
  /** How gateways reach this router: http(s)://host:port. */
  ADVERTISED_URL: baseUrl,
  /** The catalogue: a YAML list of models. */
  MODELS_FILE: z.string().min(1),
  /** NEAR AI's OpenAI-compatible endpoint, with /v1. */
  NEAR_BASE_URL: baseUrl.optional(),
  NEAR_API_KEY: z.string().optional(),
  /** Phala's OpenAI-compatible endpoint, with /v1. */
  PHALA_BASE_URL: baseUrl.optional(),
  PHALA_API_KEY: z.string().optional(),
  /** Vercel AI Gateway, with /v1. */
  VERCEL_BASE_URL: baseUrl.optional(),
  VERCEL_API_KEY: z.string().optional(),
  /** Any OpenAI-compatible endpoint that the operator runs, with /v1. Off unless set. */
  LOCAL_BASE_URL: baseUrl.optional(),
  LOCAL_API_KEY: z.string().optional(),
  /** Longest time to open a connection to a provider, in milliseconds. */
  CONNECT_TIMEOUT_MS: milliseconds(5_000),
  /** Longest wait for the first byte of an answer, in milliseconds. */
  FIRST_BYTE_TIMEOUT_MS: milliseconds(300_000),
  /** Longest silence inside an answer, in milliseconds. */
  IDLE_TIMEOUT_MS: milliseconds(120_000),
  /** Longest duration of a request, in milliseconds. */
  TOTAL_TIMEOUT_MS: milliseconds(900_000),
  /** Largest request body that a gateway may pass on, in bytes. */
  MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(32 * 1024 * 1024),
  /** Largest answer that is held until its usage is recorded, in bytes. */
  MAX_ANSWER_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(64 * 1024 * 1024),
});

/** Settings of the inference router. */
export class RouterConfig extends configClass(schema) {}
