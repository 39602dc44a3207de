/** The data of one server-sent event: where it lies in the event's bytes. */
export interface EventData {
  start: number;
  end: number;
}

/**
 * Finds the one `data:` line of an event, which is how every OpenAI-compatible stream is written.
 * @returns undefined for comments and events without data; `'several'` when data spans lines
 */
export function dataOf(event: Buffer): EventData | undefined | 'several' {
  let found: EventData | undefined;
  for (let start = 0; start < event.length;) {
    const end = lineEnd(event, start);
    if (isDataLine(event, start)) {
      if (found) return 'several';
      const valueStart = event[start + 5] === 0x20 ? start + 6 : start + 5;
      found = { start: valueStart, end };
    }
    start = end + 1;
  }
  return found;
}

/** Offset of the line's terminator, or the end of the event. Searched natively: it runs once a token. */
function lineEnd(event: Buffer, start: number): number {
  const lf = event.indexOf(0x0a, start);
  const end = lf < 0 ? event.length : lf;
  // Only in front of that can a CR be the earlier one.
  const cr = event.subarray(start, end).indexOf(0x0d);
  return cr < 0 ? end : start + cr;
}

const DATA = Buffer.from('data:');

function isDataLine(event: Buffer, start: number): boolean {
  return DATA.every((byte, index) => event[start + index] === byte);
}
