import type { HeardParts } from '../exchange/hearing.ts';
import {
  elementsOf,
  membersOf,
  splice,
  type AnswerParts,
  type Edit,
  type JsonMember,
  type ReadEvent,
} from '@orgn/dialects';

/** A longer text costs less to be read as any event is than to be looked through here. */
const MAX_TEXT_BYTES = 1_024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const OPENING = 0x7b;
/** Members of a delta whose text counts by itself, whatever else is in it. */
const TEXTS = ['content', 'reasoning_content'];

/** A chunk as it came, as it was read, and how it is shown. */
export interface SeenChunk {
  /** All bytes of its event. */
  event: Buffer;
  read: ReadEvent;
  parts: AnswerParts;
  edits: readonly Edit[];
}

/** What a chunk of a pattern says. */
export interface LikeChunk {
  heard: HeardParts;
  /** Its event as callers see it. */
  shown: Buffer;
}

/**
 * What the chunks of a stream have in common: most differ in a few letters of text alone. Where an event is, byte for byte,
 * one that has been read with another text in its place, it means the same, and need not be parsed. The text must be one
 * that stands for itself in JSON (RFC 8259, 7: no quote, no backslash, no control character), so that nothing else can be in
 * it; any doubt is left to the parser.
 */
export class ChunkPattern {
  private constructor(
    private readonly before: Buffer,
    private readonly after: Buffer,
    private readonly shown: { before: Buffer; after: Buffer },
    /** Characters of output besides the text. */
    private readonly outputLength: number,
  ) {}

  /** @returns undefined where a chunk is more than one piece of text, or says anything that counts but text */
  static of({ event, read, parts, edits }: SeenChunk): ChunkPattern | undefined {
    const isWhole = event.length === read.before.length + read.data.length + read.after.length;
    const text = isWhole && isTextAlone(parts) ? textIn(read.data, parts) : undefined;
    const length = text && lengthOfPlain(read.data, text.start, text.end);
    if (!text || length === undefined) return undefined;
    const { start, end } = text;
    if (edits.some((edit) => edit.end > start && edit.start < end)) return undefined;
    const [head, tail] = [read.data.subarray(0, start), read.data.subarray(end)];
    const left = edits.filter((edit) => edit.end <= start);
    const right = edits.filter((edit) => edit.start >= end).map((edit) => moved(edit, -end));
    const shown = {
      before: Buffer.concat([read.before, splice(head, left)]),
      after: Buffer.concat([splice(tail, right), read.after]),
    };
    const rest = parts.outputLength - length;
    return new ChunkPattern(Buffer.concat([read.before, head]), Buffer.concat([tail, read.after]), shown, rest);
  }

  /** @returns undefined for an event that is not certainly of this pattern */
  match(event: Buffer): LikeChunk | undefined {
    const { before, after } = this;
    const [start, end] = [before.length, event.length - after.length];
    if (end <= start || end - start > MAX_TEXT_BYTES) return undefined;
    if (event.compare(before, 0, start, 0, start) !== 0) return undefined;
    if (event.compare(after, 0, after.length, end) !== 0) return undefined;
    const length = lengthOfPlain(event, start, end);
    if (length === undefined) return undefined;
    const shown = Buffer.concat([this.shown.before, event.subarray(start, end), this.shown.after]);
    return { heard: { ...textAlone, outputLength: this.outputLength + length }, shown };
  }
}

const textAlone = { usage: undefined, tellsUsage: false, outputs: 1, callLength: 0 } as const;

/** One choice that says something and does not end, and no word on use, failure or calls. */
function isTextAlone(parts: AnswerParts): boolean {
  const isOpen = parts.choices.length === 1 && parts.outputs === 1 && parts.finished.length === 0;
  return isOpen && !parts.tellsUsage && !parts.hasError && parts.callLength === 0;
}

/** Where the text lies, without its quotes; undefined when it is not the only one of its name, or needs the parser. */
function textIn(json: Buffer, { members }: AnswerParts): { start: number; end: number } | undefined {
  const delta = json.includes(LINE_FEED) ? [] : deltaIn(json, onlyOne(members, 'choices'));
  if (delta.some(({ name }) => name === 'tool_calls')) return undefined;
  return TEXTS.flatMap((name) => onlyOne(delta, name) ?? [])
    .filter(({ valueStart }) => json[valueStart] === QUOTE)
    .map(({ valueStart, valueEnd }) => ({ start: valueStart + 1, end: valueEnd - 1 }))
    .find(({ start, end }) => end > start);
}

/** Members of the one delta of the one choice. */
function deltaIn(json: Buffer, choices: JsonMember | undefined): JsonMember[] {
  const [choice, ...others] = choices ? elementsOf(json, choices.valueStart) : [];
  const delta = choice && others.length === 0 ? onlyOne(membersOf(json, choice.start), 'delta') : undefined;
  return delta && json[delta.valueStart] === OPENING ? membersOf(json, delta.valueStart) : [];
}

function onlyOne(members: readonly JsonMember[], name: string): JsonMember | undefined {
  const [first, second] = members.filter((member) => member.name === name);
  return second ? undefined : first;
}

/** Characters of bytes that JSON reads as they stand, bytes that are no UTF-8 replaced as the parser's would be. */
function lengthOfPlain(bytes: Buffer, start: number, end: number): number | undefined {
  let isAscii = true;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) return undefined;
    if (byte > 0x7f) isAscii = false;
  }
  return isAscii ? end - start : bytes.toString('utf8', start, end).length;
}

const moved = ({ start, end, text }: Edit, by: number): Edit => ({ start: start + by, end: end + by, text });
