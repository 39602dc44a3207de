import { z } from 'zod';
import { emptyIsAbsent } from '../reading/listed.ts';

/** Texts that end an answer: one, or a list. An empty list says what none says. */
export const stopStrings = emptyIsAbsent(
  z.union([z.string(), z.array(z.string()).max(64)], 'must be a string or up to 64 strings'),
);
