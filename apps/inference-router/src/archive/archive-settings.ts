import { databaseSettings, missing, secret, type Rule } from '@orgn/service-kit/settings';
import { z } from 'zod';

/** Where receipts stay. */
export const archiveSettings = {
  // Receipts and their log stay there. Without one they end with this process.
  DATABASE_URL: secret(databaseSettings.DATABASE_URL.optional()),
  DATABASE_PASSWORD: databaseSettings.DATABASE_PASSWORD,
  /** Days that receipts are kept, with what they rest on; half a day more at most. */
  RECEIPT_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
};

/** A deployment does not promise receipts that a crash takes away. */
export const requireArchive: Rule = (given) => {
  if (given.NODE_ENV !== 'production' || !given.RECEIPT_KEYS || given.DATABASE_URL) return [];
  return [missing('DATABASE_URL', 'but RECEIPT_KEYS is', 'postgresql://inference_router@postgres:5432/orgn')];
};
