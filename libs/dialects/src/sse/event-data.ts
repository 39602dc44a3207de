/** The data of one server-sent event: where it lies in the event's bytes. */
export interface EventData {
  start: number;
  end: number;
}

/** An event's data as one piece, and what an event with other data in its place begins and ends with. */
export interface ReadEvent {
  data: Buffer;
  before: Buffer;
  after: Buffer;
}

const DATA = Buffer.from('data:');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const PREFIX = Buffer.from('data: ');
const SUFFIX = Buffer.from('\n\n');
const LF = 0x0a;

/**
 * Reads an event as the standard has it (HTML Living Standard 9.2.6): data of several lines is joined by line feeds, and a
 * byte order mark, which may begin a stream, is no part of it.
 * @returns undefined for comments and events without data
 */
export function readEvent(event: Buffer): ReadEvent | undefined {
  const found = dataOf(event);
  if (found === undefined) return undefined;
  if (found === 'several') return { data: Buffer.from(dataLines(event).join('\n')), before: PREFIX, after: SUFFIX };
  return {
    data: event.subarray(found.start, found.end),
    before: event.subarray(markLength(event), found.start),
    after: event.subarray(found.end),
  };
}

/** JSON on one line, byte for byte as long: a line end stands between its tokens only, where a blank says the same. */
export function onOneLine(json: Buffer): Buffer {
  return json.includes(LF) ? Buffer.from(json.map((byte) => (byte === LF ? 0x20 : byte))) : json;
}

/**
 * Finds the one `data:` line of an event, which is how every OpenAI-compatible stream is written.
 * @returns undefined for comments and events without data; `'several'` when data spans lines
 */
export function dataOf(event: Buffer): EventData | undefined | 'several' {
  let found: EventData | undefined;
  for (let start = markLength(event); start < event.length;) {
    const end = lineEnd(event, start);
    if (isDataLine(event, start)) {
      if (found) return 'several';
      found = { start: valueStart(event, start), end };
    }
    start = end + 1;
  }
  return found;
}

/** What each data line of an event says. */
export function dataLines(event: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = markLength(event); start < event.length;) {
    const end = lineEnd(event, start);
    if (isDataLine(event, start)) lines.push(event.subarray(valueStart(event, start), end));
    start = end + 1;
  }
  return lines;
}

function markLength(event: Buffer): number {
  return event[0] === BOM[0] && event[1] === BOM[1] && event[2] === BOM[2] ? BOM.length : 0;
}

/** Offset of the line's terminator, or the end of the event. Searched natively: it runs once a token. */
function lineEnd(event: Buffer, start: number): number {
  const lf = event.indexOf(LF, start);
  const end = lf < 0 ? event.length : lf;
  // Only in front of that can a CR be the earlier one.
  const cr = event.subarray(start, end).indexOf(0x0d);
  return cr < 0 ? end : start + cr;
}

function isDataLine(event: Buffer, start: number): boolean {
  return DATA.every((byte, index) => event[start + index] === byte);
}

function valueStart(event: Buffer, lineStart: number): number {
  const start = lineStart + DATA.length;
  return event[start] === 0x20 ? start + 1 : start;
}
