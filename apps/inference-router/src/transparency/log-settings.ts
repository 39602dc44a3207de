import { z } from 'zod';

const witness = z.url({ protocol: /^(https?|file)$/, error: 'must be file: or http(s): addresses, parted by commas' });

/** The log of receipts, and who is told of its heads. */
export const logSettings = {
  /** The name of the log in its signed heads: for monitors, a name that nobody else has, such as `api.example.com/receipts`. */
  LOG_ORIGIN: z
    .string()
    .regex(/^[^\s+]{1,200}$/, 'must have no space and no plus')
    .default('orgn-gateway/receipts'),
  /** Who gets each new head by POST, or as a line in a file: `https://witness.example/heads,file:///var/log/heads`. */
  LOG_WITNESS_URLS: z
    .string()
    .transform((list) => list.split(',').map((url) => url.trim()))
    .pipe(z.array(witness).max(16))
    .optional(),
  /** Seconds between batches of the log: one that is seen to grow tells no single request. */
  LOG_BATCH_SECONDS: z.coerce.number().int().min(1).max(3_600).default(60),
};
