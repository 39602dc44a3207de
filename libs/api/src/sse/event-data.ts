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

/** Offset of the line's terminator, or the end of the event. */
function lineEnd(event: Buffer, start: number): number {
  let at = start;
  while (at < event.length && event[at] !== 0x0a && event[at] !== 0x0d) at += 1;
  return at;
}

function isDataLine(event: Buffer, start: number): boolean {
  return event.toString('latin1', start, start + 5) === 'data:';
}
