import { z } from 'zod';

/**
 * Whatever is parsed has a maximum, on every text, list and record: far above use, and low enough that no message of the
 * largest size takes long to refuse.
 */

/** A name, an id, a date: what fits a line. */
export const shortText = z.string().max(1_024);
/** A sentence, an address with its parameters. */
export const longText = z.string().max(65_536);
/** Entries of a list that one message carries. */
export const MAX_ENTRIES = 65_536;
