import {
  admissionSettings,
  baseConfig,
  configClass,
  missing,
  port,
  secret,
  type Fault,
  type Rule,
} from '@orgn/service-kit/settings';
import { z } from 'zod';
import { archiveSettings, requireArchive } from './archive/archive-settings.ts';
import { RECEIPT_KEY_LIST, toReceiptKeys } from './receipts/receipt-key.ts';
import { logSettings } from './transparency/log-settings.ts';
import { REASONING_KEY_LIST, toReasoningKeys } from './seals/reasoning-key.ts';

const baseUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) URL' })
  .transform((url) => url.replace(/\/+$/, ''));
const milliseconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const schema = baseConfig.extend({
  /** Interface that gateways connect to. */
  HTTP_HOST: z.string().default('127.0.0.1'),
  /** Port that gateways connect to. */
  HTTP_PORT: port,
  /** How gateways reach this router: `tls://host:port`, or `tcp://host:port` under INTERNAL_TLS=off. */
  ADVERTISED_URL: z.url({ protocol: /^(tls|tcp)$/, error: 'must be tls://host:port, or tcp://host:port' }),
  /** The catalogue: a YAML list of models. */
  MODELS_FILE: z.string().min(1),
  /** NEAR AI's OpenAI-compatible endpoint, with /v1. */
  NEAR_BASE_URL: baseUrl.optional(),
  NEAR_API_KEY: secret(z.string().optional()),
  /** Phala's OpenAI-compatible endpoint, with /v1. */
  PHALA_BASE_URL: baseUrl.optional(),
  PHALA_API_KEY: secret(z.string().optional()),
  /** Vercel AI Gateway, with /v1. */
  VERCEL_BASE_URL: baseUrl.optional(),
  VERCEL_API_KEY: secret(z.string().optional()),
  /** Any OpenAI-compatible endpoint that the operator runs, with /v1. Off unless set. */
  LOCAL_BASE_URL: baseUrl.optional(),
  LOCAL_API_KEY: secret(z.string().optional()),
  /** Longest time to open a connection to a provider, in milliseconds. */
  CONNECT_TIMEOUT_MS: milliseconds(5_000),
  /** Longest wait for the first byte of an answer, in milliseconds. */
  FIRST_BYTE_TIMEOUT_MS: milliseconds(300_000),
  /** Longest silence inside an answer, in milliseconds. */
  IDLE_TIMEOUT_MS: milliseconds(120_000),
  /** Longest duration of a request, in milliseconds. */
  TOTAL_TIMEOUT_MS: milliseconds(900_000),
  /** Longest time that a reader may leave a stream untaken before it is cut off, in milliseconds. */
  SLOW_READER_TIMEOUT_MS: milliseconds(60_000),
  /** Silence after which a stream carries a comment, so that nothing on the way takes it for dead, in milliseconds. */
  STREAM_HEARTBEAT_MS: milliseconds(15_000),
  /** What becomes of an output limit above the model's: `lower` to it, or `refuse` the request. */
  OUTPUT_LIMIT: z.enum(['lower', 'refuse']).default('lower'),
  /**
   * Silence after a request was sent to a provider at which the headers of a stream leave before its first token, in
   * milliseconds; 0: never. From then on no other model answers.
   */
  EARLY_HEADERS_MS: z.coerce.number().int().min(0).default(5_000),
  /** Whether callers may ask for a provider's answer unedited (`x-ollm-raw`), with what it says of cost and routing. */
  RAW_ANSWERS: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true'),
  /**
   * Secrets that reasoning is sealed with: `kid:base64url[,kid:base64url]`, 32 bytes each, the current one first. To rotate:
   * add the new one LAST on every router, then move it first, and drop the old one when conversations from before may lose
   * their reasoning. Without any, reasoning is not sealed.
   */
  REASONING_KEYS: secret(
    z
      .string()
      .regex(REASONING_KEY_LIST, 'must be kid:base64url[,kid:base64url], 32 bytes each')
      .transform(toReasoningKeys)
      .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'must name each kid once')
      .optional(),
  ),
  /** How long a verification of an enclave counts, in seconds; it is renewed before that. */
  ATTESTATION_MAX_AGE: z.coerce.number().int().min(1).max(3_600).default(300),
  /** A JSON file that says what is demanded of enclaves (docs/attestation.md); without it all of it, and nothing is approved. */
  ATTESTATION_POLICY: z.string().min(1).optional(),
  /** `allow`: evidence under the development roots counts, which everybody can make. Refused in production. */
  ATTESTATION_DEVELOPMENT_ROOT: z.enum(['refuse', 'allow']).default('refuse'),
  /** Intel's provisioning service, or an operator's cache of it. */
  PCS_URL: baseUrl.default('https://api.trustedservices.intel.com'),
  /** Where the revocation list of Intel's root is. */
  PCS_ROOT_CRL_URL: baseUrl.default('https://certificates.trustedservices.intel.com/IntelSGXRootCA.der'),
  /** NVIDIA's remote attestation service. Using it needs an agreement with NVIDIA. */
  NRAS_URL: baseUrl.default('https://nras.attestation.nvidia.com'),
  /**
   * Secrets that receipts are signed with (ed25519): `kid:base64url[,kid:base64url]`, 32 bytes each, the current one first. To
   * rotate: add the new one LAST on every router, then move it first; the old one stays, so that its receipts verify. Without
   * any, no receipts are made.
   */
  RECEIPT_KEYS: secret(
    z
      .string()
      .regex(RECEIPT_KEY_LIST, 'must be kid:base64url[,kid:base64url], 32 bytes each')
      .transform(toReceiptKeys)
      .refine((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'must name each kid once')
      .optional(),
  ),
  ...archiveSettings,
  ...logSettings,
  ...admissionSettings,
  /** Retries that each request to a provider earns: 0.2 are one retry in five requests. */
  RETRY_RATIO: z.coerce.number().min(0).max(1).default(0.2),
  /** Failures within CIRCUIT_WINDOW_MS that open a provider's circuit, if they are half of what was tried. */
  CIRCUIT_FAILURES: z.coerce.number().int().positive().default(20),
  CIRCUIT_WINDOW_MS: milliseconds(10_000),
  /** How long a circuit first stays open, in milliseconds; failed probes double it, up to 16 times as long. */
  CIRCUIT_OPEN_MS: milliseconds(2_000),
  /** Largest request body that a gateway may pass on, in bytes. */
  MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(32 * 1024 * 1024),
  /** Most bytes of request bodies and of held answers together, over all requests. */
  MAX_HELD_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(1024 * 1024 * 1024),
  /** Streams that one key may have under way at this router, those included whose caller has left. */
  MAX_STREAMS_PER_KEY: z.coerce.number().int().positive().default(256),
  /** Largest answer that is held until its usage is recorded, in bytes. */
  MAX_ANSWER_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(64 * 1024 * 1024),
});

const NAMES = ['NEAR', 'PHALA', 'VERCEL', 'LOCAL'];

/** URL and key of a provider belong together. An operator's own endpoint may ask for no key, and be in the clear. */
const requireWholeProviders: Rule = (given) => {
  if (given.NODE_ENV !== 'production') return [];
  return NAMES.flatMap((name): Fault[] => {
    const [urlName, keyName] = [`${name}_BASE_URL`, `${name}_API_KEY`];
    const [url, key] = [given[urlName], given[keyName]];
    if (key && !url) return [missing(urlName, `but ${keyName} is`, 'https://…/v1')];
    if (!url || name === 'LOCAL') return [];
    return [
      ...(key ? [] : [missing(keyName, `but ${urlName} is`, '…')]),
      ...(url.startsWith('http:') ? [{ name: urlName, message: `${urlName} must be https in production` }] : []),
    ];
  });
};

/** What enclaves are judged by must come from whom it says to come from. */
const requireSafeAttestation: Rule = (given) => {
  if (given.NODE_ENV !== 'production') return [];
  const inTheClear = ['PCS_URL', 'PCS_ROOT_CRL_URL', 'NRAS_URL'].filter((name) => given[name]?.startsWith('http:'));
  const faults = inTheClear.map((name): Fault => ({ name, message: `${name} must be https in production` }));
  if (given.ATTESTATION_DEVELOPMENT_ROOT !== 'allow') return faults;
  const name = 'ATTESTATION_DEVELOPMENT_ROOT';
  return [
    ...faults,
    { name, message: `${name} is for development only: everybody can make evidence under those roots` },
  ];
};

const rules: Rule = (given) => [
  ...requireWholeProviders(given),
  ...requireSafeAttestation(given),
  ...requireArchive(given),
];

/** Settings of the inference router. */
export class RouterConfig extends configClass(schema, rules) {}
