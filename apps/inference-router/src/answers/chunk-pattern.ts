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

/** What chunks of a pattern say that stand one behind the other. */
export interface LikeChunks {
  heard: HeardParts;
  /** Their events as callers see them. */
  shown: Buffer;
  /** Where the last of them ends. */
  end: number;
}

/**
 * What the chunks of a stream have in common: most differ in a few letters of text alone. Where an event is, byte for byte,
 * one that has been read with another text in its place, it means the same, and need not be parsed. The text must be one
 * that stands for itself in JSON (RFC 8259, 7: no quote, no backslash, no control character), so that nothing else can be in
 * it; any doubt is left to the parser. Where nothing of it is edited, its bytes are passed on as they are.
 */
export class ChunkPattern {
  private constructor(
    private readonly before: Buffer,
    private readonly after: Buffer,
    /** What stands around the text for callers; undefined where they see the provider's own bytes. */
    private readonly shown: { before: Buffer; after: Buffer } | undefined,
    /** Characters of output besides the text. */
    private readonly outputLength: number,
  ) {}

  /** @returns undefined where a chunk is more than one piece of text, or says anything that counts but text */
  static of({ event, read, parts, edits }: SeenChunk): ChunkPattern | undefined {
    const text = isWhole(event, read) && isTextAlone(parts) ? textIn(read.data, parts) : undefined;
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
    const [before, after] = [Buffer.concat([read.before, head]), Buffer.concat([tail, read.after])];
    return new ChunkPattern(before, after, edits.length > 0 ? shown : undefined, rest);
  }

  /**
   * Reads as many events as are certainly of this pattern.
   * @param bytes that begin where an event does
   * @returns undefined when the first one is not
   */
  match(bytes: Buffer): LikeChunks | undefined {
    const texts: number[] = [];
    let [end, characters] = [0, 0];
    for (let text = this.#textAt(bytes, 0); text; text = this.#textAt(bytes, end)) {
      texts.push(end + this.before.length, text.end);
      characters += text.characters;
      end = text.end + this.after.length;
    }
    if (end === 0) return undefined;
    const outputs = texts.length / 2;
    const heard = { ...textAlone, outputs, outputLength: outputs * this.outputLength + characters };
    return { heard, shown: this.#show(bytes.subarray(0, end), texts), end };
  }

  /** The text of the event that begins at `at`: where it ends, and how long it is. */
  #textAt(bytes: Buffer, at: number): { end: number; characters: number } | undefined {
    if (!stands(this.before, bytes, at)) return undefined;
    const start = at + this.before.length;
    const end = quoteAfter(bytes, start);
    if (end <= start || !stands(this.after, bytes, end)) return undefined;
    const characters = lengthOfPlain(bytes, start, end);
    return characters === undefined ? undefined : { end, characters };
  }

  /** @param texts where each begins and ends */
  #show(bytes: Buffer, texts: readonly number[]): Buffer {
    if (!this.shown) return bytes;
    const { before, after } = this.shown;
    let length = (texts.length / 2) * (before.length + after.length);
    for (let at = 0; at < texts.length; at += 2) length += (texts[at + 1] as number) - (texts[at] as number);
    const shown = Buffer.allocUnsafe(length);
    let to = 0;
    for (let at = 0; at < texts.length; at += 2) {
      shown.set(before, to);
      to += before.length;
      to += bytes.copy(shown, to, texts[at], texts[at + 1]);
      shown.set(after, to);
      to += after.length;
    }
    return shown;
  }
}

/** From so many bytes on a call into the runtime costs less than a loop. */
const LONG_BYTES = 48;

/** Whether these bytes stand there. */
function stands(wanted: Buffer, bytes: Buffer, at: number): boolean {
  const end = at + wanted.length;
  if (end > bytes.length) return false;
  if (wanted.length >= LONG_BYTES) return bytes.compare(wanted, 0, wanted.length, at, end) === 0;
  for (let index = 0; index < wanted.length; index += 1) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}

/** Where the next quote is; -1 when it is farther away than a text may be long. */
function quoteAfter(bytes: Buffer, start: number): number {
  const end = Math.min(bytes.length, start + MAX_TEXT_BYTES + 1);
  for (let at = start; at < end; at += 1) if (bytes[at] === QUOTE) return at;
  return -1;
}

const textAlone = { usage: undefined, tellsUsage: false, callLength: 0 } as const;

/** Nothing of it was left out in reading; and it cannot go on, as where it ends with CR, whose LF may be yet to come. */
function isWhole(event: Buffer, { before, data, after }: ReadEvent): boolean {
  return event.length === before.length + data.length + after.length && event.at(-1) === LINE_FEED;
}

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
