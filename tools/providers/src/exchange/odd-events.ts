import type { Behaviour, Oddity } from '../control/control-state.ts';
import type { StreamEvent } from '../wire/event-stream.ts';
import { quoting } from './quote.ts';
import { withOddFigures } from './odd-figures.ts';
import { twoCalls } from './two-calls.ts';

type Events = Iterable<StreamEvent>;

const done = 'data: [DONE]\n\n';
/** Events of an answer that has begun: the opening one and some of its words. */
const begun = 4;

/** What stands in the place of an answer. */
export function insideError({ quotation }: Behaviour): object {
  const message = quoting('The simulator failed.', quotation);
  return { error: { message, type: 'server_error', param: null, code: 503 } };
}

/** Each of these takes the events of a stream and gives those that are sent instead, in this order. */
const changes: readonly [Oddity, (events: Events, error: StreamEvent) => Events][] = [
  ['headersfirst', (events) => twoCalls(events, 'headersfirst')],
  ['interleave', (events) => twoCalls(events, 'interleave')],
  ['errorfirst', (_events, error) => [error]],
  ['errorsecond', (events, error) => [...take(events, 1), error]],
  ['errorlate', (events, error) => [...take(events, begun), error]],
  ['emptystream', () => []],
  ['donefirst', () => [{ text: done, isToken: false }]],
  ['nodone', (events) => without(events, done)],
  ['doneblank', (events) => map(events, (text) => (text === done ? 'data: [DONE] \n\n' : text))],
  ['emptydata', (events) => map(events, (text) => `data:\n\n${text}`)],
  ['multidata', (events) => map(events, severalLines)],
  ['joined', (events) => map(events, (text, isLast) => (isLast ? text : text.replace(/\n\n$/, '\n')))],
  ['noblank', (events) => map(events, (text, isLast) => (isLast ? text.replace(/\n\n$/, '') : text))],
  ['bom', (events) => map(events, (text, _isLast, isFirst) => (isFirst ? `\ufeff${text}` : text))],
];

/** The events of a stream as the control state wants them written. */
export function oddEvents(events: Events, behaviour: Behaviour): Events {
  const { odd = [] } = behaviour;
  const counted = behaviour.usage ? map(events, (text) => withFigures(text, behaviour)) : events;
  const error: StreamEvent = { text: `data: ${JSON.stringify(insideError(behaviour))}\n\n`, isToken: false };
  return changes.reduce((changed, [name, change]) => (odd.includes(name) ? change(changed, error) : changed), counted);
}

function withFigures(text: string, behaviour: Behaviour): string {
  return text.replace(
    /^data: (\{.*\})\n\n$/s,
    (_event, json: string) => `data: ${withOddFigures(json, behaviour)}\n\n`,
  );
}

/** Data over several lines: a line end after the opening brace and before the closing one. */
function severalLines(text: string): string {
  return text.replace(/^data: \{(.*)\}\n\n$/s, 'data: {\ndata: $1\ndata: }\n\n');
}

function* take(events: Events, count: number): Generator<StreamEvent> {
  let left = count;
  for (const event of events) {
    if (left === 0) return;
    left -= 1;
    yield event;
  }
}

function* without(events: Events, text: string): Generator<StreamEvent> {
  for (const event of events) if (event.text !== text) yield event;
}

function* map(
  events: Events,
  change: (text: string, isLast: boolean, isFirst: boolean) => string,
): Generator<StreamEvent> {
  let held: StreamEvent | undefined;
  let isFirst = true;
  for (const event of events) {
    if (held) {
      yield { ...held, text: change(held.text, false, isFirst) };
      isFirst = false;
    }
    held = event;
  }
  if (held) yield { ...held, text: change(held.text, true, isFirst) };
}
