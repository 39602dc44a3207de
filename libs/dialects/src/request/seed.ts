import { z } from 'zod';

const MOST = 2 ** 64;

/**
 * A seed of up to 64 bits. Beyond 2^53 a number is not what was sent any more once it was parsed; bodies pass on as bytes, so
 * that the provider reads the digits that the caller wrote.
 */
export const seed = z
  .number()
  .refine(
    (value) => Number.isInteger(value) && value >= -MOST / 2 && value <= MOST,
    'must be an integer of at most 64 bits',
  );
