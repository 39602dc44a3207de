import { EventSplitter, membersOf, splice, type JsonMember } from '@orgn/dialects';
import type { UndoableSplice } from '@orgn/receipts';
import { HEARTBEAT } from '../exchange/answer-sink.ts';

/** What the gateway edits of an answer, and what may therefore stand in a receipt: none of it is content. */
const editable = new Set(['id', 'model', 'usage']);

/**
 * Finds the edits that made of a provider's bytes what the caller got. What is found is made again and compared, so it is true.
 * @returns null where it is anything else than names, usage, and comments: then no list may say it
 */
export function explainEdits(wire: Buffer, shown: Buffer, isStream: boolean): UndoableSplice[] | null {
  const splices = isStream ? explainStream(wire, shown) : explainJson(wire, shown, 0);
  return splices && apply(wire, splices).equals(shown) ? splices : null;
}

/** Edits of one JSON object; offsets count from `base`. */
function explainJson(wire: Buffer, shown: Buffer, base: number): UndoableSplice[] | null {
  if (wire.equals(shown)) return [];
  const others = new Map(membersOf(shown).map((member) => [member.name, member]));
  const members = membersOf(wire);
  const splices: UndoableSplice[] = [];
  for (const member of members) {
    const other = others.get(member.name);
    const [cut, put] = [valueOf(wire, member), other && valueOf(shown, other)];
    if (cut === put) continue;
    if (put === undefined || !editable.has(member.name)) return null;
    splices.push({ at: base + member.valueStart, cut, put });
  }
  return splices;
}

function explainStream(wire: Buffer, shown: Buffer): UndoableSplice[] | null {
  const events = eventsOf(shown);
  const splices: UndoableSplice[] = [];
  let at = 0;
  for (const event of eventsOf(wire)) {
    while (events[0]?.equals(HEARTBEAT)) splices.push({ at, cut: '', put: take(events) });
    const found = explainNext(event, events, at);
    if (!found) return null;
    splices.push(...found);
    at += event.length;
  }
  // What is left is of our own: a bill, and an end that the provider did not send.
  if (events.length > 2) return null;
  return joined([...splices, ...events.map((event) => ({ at, cut: '', put: event.toString() }))]);
}

/** What became of an event: the next one that was shown, or nothing where it told usage that nobody asked for. */
function explainNext(event: Buffer, events: Buffer[], at: number): UndoableSplice[] | null {
  const found = events[0] && explainEvent(event, events[0], at);
  if (found) events.shift();
  return found ?? (isUsageOnly(event) ? [{ at, cut: event.toString(), put: '' }] : null);
}

function explainEvent(wire: Buffer, shown: Buffer, base: number): UndoableSplice[] | null {
  if (wire.equals(shown)) return [];
  const [start, other] = [wire.indexOf('{'), shown.indexOf('{')];
  const isFramedAlike = start >= 0 && wire.subarray(0, start).equals(shown.subarray(0, other));
  return isFramedAlike ? explainJson(wire.subarray(start), shown.subarray(other), base + start) : null;
}

/** A chunk without choices, which nobody asked for. */
function isUsageOnly(event: Buffer): boolean {
  const start = event.indexOf('{');
  const choices = start < 0 ? undefined : membersOf(event, start).find(({ name }) => name === 'choices');
  return (
    choices !== undefined && event.toString('utf8', choices.valueStart, choices.valueEnd).replace(/\s/g, '') === '[]'
  );
}

/** Edits at the same place are one. */
function joined(splices: readonly UndoableSplice[]): UndoableSplice[] {
  const made: UndoableSplice[] = [];
  for (const next of splices) {
    const last = made.at(-1);
    if (last?.at === next.at && last.cut === '') {
      made[made.length - 1] = { at: last.at, cut: next.cut, put: last.put + next.put };
    } else made.push(next);
  }
  return made;
}

function take(events: Buffer[]): string {
  return events.shift()?.toString() ?? '';
}

/** All of a stream, cut into events; the last one may lack its end. */
function eventsOf(stream: Buffer): Buffer[] {
  const splitter = new EventSplitter(stream.length);
  const events = splitter.push(stream);
  return splitter.pending.length > 0 ? [...events, splitter.pending] : events;
}

function valueOf(bytes: Buffer, { valueStart, valueEnd }: JsonMember): string {
  return bytes.toString('utf8', valueStart, valueEnd);
}

function apply(bytes: Buffer, splices: readonly UndoableSplice[]): Buffer {
  const edits = splices.map(({ at, cut, put }) => ({ start: at, end: at + Buffer.byteLength(cut), text: put }));
  return splice(bytes, edits);
}
