import { z } from 'zod';
import { emptyIsAbsent } from '../reading/listed.ts';
import { text } from './bounds.ts';

/** Texts that end an answer: one, or a list. An empty list says what none says. */
export const stopStrings = emptyIsAbsent(
  z.union([text, z.array(text).max(64)], 'must be a string or up to 64 strings'),
);
