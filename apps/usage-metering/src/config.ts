import { billingMode, usageStream, usdAmount } from '@orgn/contracts';
import {
  admissionSettings,
  baseConfig,
  configClass,
  databaseSettings,
  missing,
  secret,
  type Rule,
} from '@orgn/service-kit/settings';
import { z } from 'zod';
import { paymentRules, STRIPE } from './payments/payment-rules.ts';

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
  /** Key of the Stripe account that people pay into: `sk_…`, or a restricted one, `rk_…`. Absent: nobody can pay in. */
  STRIPE_SECRET_KEY: secret(
    z
      .string()
      .regex(/^(sk|rk)_[A-Za-z0-9_]{3,255}$/, 'must be a secret key of Stripe: sk_… or rk_…')
      .optional(),
  ),
  /** What Stripe signs its webhooks with: `whsec_…`. */
  STRIPE_WEBHOOK_SECRET: secret(z.string().min(16).max(255).optional()),
  /** Where Stripe is asked; another address than its own is for tests, and production refuses it. */
  STRIPE_API_BASE: z.url({ protocol: /^https?$/ }).default(STRIPE),
  /** Least and most that can be paid in at once, in USD. */
  TOP_UP_MIN_USD: usdAmount.default('5'),
  TOP_UP_MAX_USD: usdAmount.default('10000'),
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
export class UsageMeteringConfig extends configClass(schema, requirePrices, ...paymentRules) {}
