import { createHash } from 'node:crypto';
import { speakerOf } from './fold-words.ts';
import type { UsageWord } from './usage-word.ts';

/**
 * The id of the row of a second run under one request id: a UUIDv7 of the same millisecond, made of who spoke, so that the
 * same word said again finds its row.
 */
export function secondId(word: UsageWord): string {
  const id = word.requestId.toLowerCase().replaceAll('-', '');
  const digest = createHash('sha256')
    .update(`${id} ${speakerOf(word)}`)
    .digest('hex');
  const hex = `${id.slice(0, 12)}7${digest.slice(0, 3)}8${digest.slice(3, 18)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
