import { billingMode, usageStream } from '@orgn/contracts';
import {
  admissionSettings,
  baseConfig,
  configClass,
  databaseSettings,
  missing,
  type Rule,
} from '@orgn/service-kit/settings';
import { z } from 'zod';

const schema = baseConfig.extend({
  ...databaseSettings,
  ...admissionSettings,
  /**
   * How teams pay: `prepaid` out of a balance, `postpaid` what they owe, `off` not at all. Usage is metered and budgets hold
   * whatever it says.
   */
  BILLING: billingMode.default('off'),
  /**
   * The catalogue that routers read, for its prices: what a word charges must be what metering finds by them. Absent, words are
   * believed, which production refuses.
   */
  MODELS_FILE: z.string().min(1).optional(),
  /** Longest time that a request waits for money which others hold, in milliseconds. */
  HOLD_WAIT_MS: z.coerce.number().int().min(0).max(10_000).default(2_000),
  /** How long what was drawn of a balance or a budget stays drawn when nobody uses it, in milliseconds. */
  HOLD_IDLE_MS: z.coerce.number().int().min(1_000).default(600_000),
  /** Longest duration of a request, as at the routers, in milliseconds: as long is money held for one that nobody speaks of. */
  TOTAL_TIMEOUT_MS: z.coerce.number().int().positive().default(900_000),
  /** How much later than that a router's last word on a request may come, in milliseconds. */
  HOLD_GRACE_MS: z.coerce.number().int().min(1_000).default(15_000),
  /** Bytes of usage words that may be on their way to the database. Beyond, answers are withheld until some are settled. */
  USAGE_STREAM_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(64 * 1024)
    .default(usageStream.maxBytes),
});

/** In production nobody's word on a price is believed. */
const requirePrices: Rule = ({ NODE_ENV, MODELS_FILE }) => {
  if (NODE_ENV !== 'production' || MODELS_FILE) return [];
  return [missing('MODELS_FILE', 'and in production usage is charged by it', '/app/models.yaml')];
};

/** Settings of usage-metering. */
export class UsageMeteringConfig extends configClass(schema, requirePrices) {}
