import { describe, expect, test } from '@jest/globals';
import { ServiceError } from '@orgn/contracts';
import fc from 'fast-check';
import { MessageStream } from '../messages/message-stream.ts';
import { parseMessageRequest } from '../messages/parse-message-request.ts';
import { parseResponseRequest } from '../responses/parse-response-request.ts';
import { ResponseStream } from '../responses/response-stream.ts';

interface Piece {
  index?: number;
  id?: string;
  function?: { name?: string; arguments?: string };
}
type Step = { piece: Piece } | { content: string };
interface Told {
  name: string;
  id: string;
  input: string;
}

const chunkOf = (step: Step) => {
  const delta = 'piece' in step ? { tool_calls: [step.piece] } : { content: step.content };
  return Buffer.from(JSON.stringify({ choices: [{ index: 0, delta }] }));
};
const end = (reason: string) =>
  Buffer.from(JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: reason }] }));
const json = (value: object) => Buffer.from(JSON.stringify(value));

const dialects = {
  messages: () => {
    const request = parseMessageRequest(
      json({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'x' }] }),
    );
    return new MessageStream({ messageId: 'msg_1', model: 'm', requestId: 'r', request });
  },
  responses: () => {
    const request = parseResponseRequest(json({ model: 'm', input: 'x' }));
    return new ResponseStream({ responseId: 'resp_1', createdAt: 1, model: 'm', request });
  },
};

interface Event {
  type: string;
  index?: number;
  output_index?: number;
  content_block?: { type: string; name: string; id: string };
  delta?: { partial_json?: string };
  item?: { type: string; name: string; call_id: string; arguments: string; status: string };
}

/** The calls that a client has seen the end of, in order. */
function toldBy(bytes: Buffer): Told[] {
  // Not by a pattern of lines: to those U+2028 ends one, and to event streams it does not.
  const lines = bytes.toString().split('\n');
  const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice('data: '.length));
  const events = data.map((json) => JSON.parse(json) as Event);
  return events.flatMap((event) => itemDone(event) ?? blockDone(event, events) ?? []);
}

function itemDone({ type, item }: Event): Told | undefined {
  if (type !== 'response.output_item.done' || item?.type !== 'function_call') return undefined;
  return item.status === 'completed' ? { name: item.name, id: item.call_id, input: item.arguments } : undefined;
}

function blockDone({ type, index }: Event, events: readonly Event[]): Told | undefined {
  if (type !== 'content_block_stop') return undefined;
  const ofBlock = events.filter((event) => event.index === index);
  const block = ofBlock.find((event) => event.content_block)?.content_block;
  if (block?.type !== 'tool_use') return undefined;
  return { ...block, input: ofBlock.map(({ delta }) => delta?.partial_json ?? '').join('') };
}

function run(dialect: keyof typeof dialects, steps: readonly Step[], reason = 'tool_calls') {
  const stream = dialects[dialect]();
  const sent: Buffer[] = [];
  try {
    for (const step of steps) sent.push(stream.push(chunkOf(step)));
    stream.push(end(reason));
    sent.push(stream.finish());
    return { told: toldBy(Buffer.concat(sent)), isWhole: true };
  } catch (error) {
    expect(error).toBeInstanceOf(ServiceError);
    sent.push(stream.fail((error as ServiceError).toWire()));
    return { told: toldBy(Buffer.concat(sent)), isWhole: false };
  }
}

const inputs = fc.oneof(
  fc.constant(''),
  fc
    .dictionary(
      fc.string({ maxLength: 3 }),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constant(' a  b '), fc.integer(), fc.constant([{ a: {} }])),
      {
        maxKeys: 3,
      },
    )
    .map((value) => JSON.stringify(value)),
);
const parsed = (input: string): unknown => JSON.parse(input.trim() === '' ? '{}' : input);

interface Shape {
  input: string;
  cuts: number[];
}
const shapes = fc.array(
  fc.record({ input: inputs, cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }) }),
  { minLength: 1, maxLength: 4 },
);
function piecesOf({ input, cuts }: Shape): string[] {
  const at = [0, ...cuts.map((cut) => Math.floor(cut * input.length)).sort((a, b) => a - b), input.length];
  return at.slice(1).map((to, i) => input.slice(at[i], to));
}

const habits = fc.record({
  ids: fc.constantFrom('first', 'every', 'none', 'same', 'late' as const),
  index: fc.constantFrom('own', 'zero' as const),
  names: fc.constantFrom('first', 'every', 'late' as const),
  isHeadFirst: fc.boolean(),
  isSameName: fc.boolean(),
  isInterleaved: fc.boolean(),
});
type Habits = Parameters<Parameters<typeof habits.map>[0]>[0];

const nameOf = (call: number, { isSameName }: Habits) => (isSameName ? 'f' : `f${call}`);

function stepsOf(call: number, shape: Shape, how: Habits): Step[] {
  const pieces = how.isHeadFirst ? ['', ...piecesOf(shape)] : piecesOf(shape);
  return pieces.map((piece, at) => {
    const turn = { first: at === 0, every: true, late: at === pieces.length - 1, none: false, same: at === 0 };
    return {
      piece: {
        index: how.index === 'zero' ? 0 : call,
        ...(turn[how.ids] && { id: how.ids === 'same' ? 'call' : `call_${call}` }),
        function: { ...(turn[how.names] && { name: nameOf(call, how) }), arguments: piece },
      },
    };
  });
}

/** Takes from the calls in a random order, each call's own order kept, with blank text in between. */
function shuffled(lists: Step[][], picks: readonly number[]): Step[] {
  const left = lists.map((list) => [...list]);
  const steps: Step[] = [];
  for (let at = 0; left.some((list) => list.length > 0); at += 1) {
    const pick = picks[at % picks.length] ?? 0;
    if (pick % 5 === 4) steps.push({ content: ['', '\n', ' '][pick % 3] ?? '' });
    const rest = left.filter((list) => list.length > 0);
    const step = rest[pick % rest.length]?.shift();
    if (step) steps.push(step);
  }
  return steps;
}

const streams = fc
  .tuple(shapes, habits, fc.array(fc.nat(99), { minLength: 8, maxLength: 24 }))
  .map(([calls, how, picks]) => {
    const lists = calls.map((shape, call) => stepsOf(call, shape, how));
    return { calls, how, steps: how.isInterleaved ? shuffled(lists, picks) : lists.flat() };
  });

/** Whether index and ids tell the calls apart, so that there is no reason to give up. */
const isClear = ({ index, ids }: Habits) => index === 'own' || ids === 'every';

/** Pieces of calls of one name, mixed, without index and ids: whose they are is nowhere said. */
const isBeyondTelling = ({ index, ids, isInterleaved, isSameName }: Habits) =>
  index === 'zero' && ids === 'none' && isInterleaved && isSameName;

describe.each(['messages', 'responses'] as const)('tool calls of a stream over %s', (dialect) => {
  test('arrive whole, or the stream ends in error, and none ends before it is whole', () => {
    fc.assert(
      fc.property(streams, ({ calls, how, steps }) => {
        fc.pre(!isBeyondTelling(how));
        const { told, isWhole } = run(dialect, steps);
        const real = calls.map(({ input }, call) => JSON.stringify([nameOf(call, how), parsed(input)]));
        const heard = told.map(({ name, input }) => JSON.stringify([name, parsed(input)]));
        if (isClear(how)) expect(isWhole).toBe(true);
        if (isClear(how)) expect(heard.toSorted()).toEqual(real.toSorted());
        for (const call of heard) expect(real).toContain(call);
        expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      }),
      { numRuns: 1_000 },
    );
  });

  test('that the limit cut are whole, or no JSON that anybody could run', () => {
    fc.assert(
      fc.property(streams, fc.nat(40), ({ calls, how, steps }, keep) => {
        if (!isClear(how)) return;
        const { told, isWhole } = run(dialect, steps.slice(0, keep), 'length');
        const real = calls.map(({ input }, call) => JSON.stringify([nameOf(call, how), parsed(input)]));
        expect(isWhole).toBe(true);
        for (const { name, input } of told)
          if (isJson(input)) expect(real).toContain(JSON.stringify([name, parsed(input)]));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([
    ['more arguments than the call has', ['{"a":1}', '{"b":2}']],
    ['half of its arguments', ['{"a":']],
    ['a list', ['[1]']],
    ['text', ['rm -rf']],
  ])('with %s end in error', (_, pieces) => {
    const steps = pieces.map((piece, at) => ({
      piece: { index: 0, ...(at === 0 && { id: 'a' }), function: { ...(at === 0 && { name: 'f' }), arguments: piece } },
    }));
    expect(run(dialect, steps)).toEqual({ told: [], isWhole: false });
  });

  test('are passed on while they come, the first of them', () => {
    const stream = dialects[dialect]();
    const send = (piece: Piece) => stream.push(chunkOf({ piece })).toString();
    send({ index: 0, id: 'a', function: { name: 'f', arguments: '' } });
    expect(send({ index: 0, function: { arguments: '{"x"' } })).toContain('{\\"x\\"');
    expect(send({ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } })).toBe('');
    expect(send({ index: 0, function: { arguments: ':1}' } })).toContain('g');
  });

  test('do not hold back text that follows a whole call', () => {
    const stream = dialects[dialect]();
    stream.push(chunkOf({ piece: { index: 0, id: 'a', function: { name: 'f', arguments: '{}' } } }));
    expect(stream.push(chunkOf({ content: 'Done.' })).toString()).toContain('Done.');
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
