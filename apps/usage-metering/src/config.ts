import { usageStream } from '@orgn/contracts';
import { admissionSettings, baseConfig, configClass, databaseSettings } from '@orgn/service-kit/settings';
import { z } from 'zod';
import { billings } from './ledger/billing.ts';

const schema = baseConfig.extend({
  ...databaseSettings,
  ...admissionSettings,
  /**
   * How teams pay: `prepaid` out of a balance, `postpaid` what they owe, `off` not at all. Usage is metered and budgets hold
   * whatever it says.
   */
  BILLING: z.enum(billings).default('off'),
  /** Bytes of usage words that may be on their way to the database. Beyond, answers are withheld until some are settled. */
  USAGE_STREAM_MAX_BYTES: z.coerce
    .number()
    .int()
    .min(64 * 1024)
    .default(usageStream.maxBytes),
});

/** Settings of usage-metering. */
export class UsageMeteringConfig extends configClass(schema) {}
