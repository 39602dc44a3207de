import { boundedRecord } from '@orgn/contracts';
import { z } from 'zod';

/**
 * Maxima of everything that is parsed. They are far above use; what they stop is a body, or a provider's answer, whose parts
 * are so many that reading them would take long.
 */

/** Characters of content: as many as the largest body, or the largest answer, has bytes by default. */
const MAX_TEXT = 64 * 1024 * 1024;
/** Messages of a conversation, items of an input, parts of a message, results of an answer. */
export const MAX_ITEMS = 65_536;
/** Tools that are offered. */
export const MAX_TOOLS = 512;
/** Tools that a choice names. */
export const MAX_CHOICES = 4_096;
/** Tokens of a prompt that comes as tokens. */
export const MAX_TOKENS = 250_000;
/** Members of an object whose names are the caller's own. */
const MAX_OWN_MEMBERS = 20_000;

/** What a model reads or writes. */
export const text = z.string().max(MAX_TEXT);
/** A name or an id of the caller's own; other gateways write whole signatures into the ids of calls. */
export const label = z.string().max(65_536);
/** A JSON schema, arguments, whatever is the caller's own: not looked into, and counted as a part of the body. */
export const ownObject = boundedRecord(z.string().max(4_096), z.unknown(), MAX_OWN_MEMBERS);
/** How likely single tokens are made, by their ids. */
export const logitBias = boundedRecord(z.string().max(32), z.number().min(-100).max(100), 4_096);
