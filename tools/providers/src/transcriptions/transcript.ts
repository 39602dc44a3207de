import { hash } from 'node:crypto';
import { randomFrom } from '../text/random.ts';
import { makeWords } from '../text/words.ts';

export interface Transcript {
  readonly text: string;
  /** Length of the audio in seconds. */
  readonly seconds: number;
  readonly segments: readonly Segment[];
}

export interface Segment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

// Bytes of a second in files whose length is not read: 64 kbit/s.
const usualByteRate = 8000;
const wavHeaderBytes = 44;
const segmentSeconds = 10;
const wordsPerSegment = 8;

/** What the simulator hears: words that depend on the file alone, a segment for each ten seconds begun. */
export function transcribe(file: Buffer): Transcript {
  const seconds = lengthOf(file);
  const count = Math.max(1, Math.min(1000, Math.ceil(seconds / segmentSeconds)));
  const random = randomFrom(hash('sha256', file));
  const segments = Array.from({ length: count }, (_, at) => ({
    start: at * segmentSeconds,
    end: Math.min(seconds, (at + 1) * segmentSeconds),
    text: makeWords(random, wordsPerSegment).join(''),
  }));
  return { text: segments.map(({ text }) => text).join(' '), seconds, segments };
}

function lengthOf(file: Buffer): number {
  const isWav = file.length > wavHeaderBytes && file.toString('latin1', 0, 4) === 'RIFF';
  const byteRate = isWav ? file.readUInt32LE(28) : usualByteRate;
  const bytes = isWav ? file.length - wavHeaderBytes : file.length;
  return Math.round((bytes / (byteRate || usualByteRate)) * 1000) / 1000;
}
