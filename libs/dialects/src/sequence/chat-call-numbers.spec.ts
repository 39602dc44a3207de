import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ServiceError } from '@orgn/contracts';
import { splice } from '../json/splice.ts';
import { ChatCallNumbers } from './chat-call-numbers.ts';

interface Piece {
  index?: number;
  id?: string;
  function: { name?: string; arguments: string };
}
const chunk = (...tool_calls: Piece[]) =>
  Buffer.from(JSON.stringify({ id: 'x', choices: [{ index: 0, delta: { tool_calls } }] }));

/** What a client has in the end that gathers by index alone, as the official SDKs do. */
function gathered(chunks: readonly Buffer[]) {
  const numbers = new ChatCallNumbers();
  const calls: { id: string; name: string; input: string }[] = [];
  for (const json of chunks) {
    const sent = JSON.parse(splice(json, numbers.editsOf(json)).toString()) as {
      choices: { delta: { tool_calls: Piece[] } }[];
    };
    for (const { index, id, function: called } of sent.choices[0]!.delta.tool_calls) {
      const call = (calls[index!] ??= { id: '', name: '', input: '' });
      call.id ||= id ?? '';
      call.name ||= called.name ?? '';
      call.input += called.arguments;
    }
  }
  return calls;
}

const inputs = fc.array(
  fc.dictionary(fc.string({ maxLength: 3 }), fc.integer(), { maxKeys: 3 }).map((value) => JSON.stringify(value)),
  { minLength: 1, maxLength: 4 },
);

describe('the calls of a streamed chat answer', () => {
  test('that are numbered right stay as they are', () => {
    const numbers = new ChatCallNumbers();
    for (const json of [
      chunk(
        { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '' } },
      ),
      chunk({ index: 1, function: { arguments: '{}' } }),
      chunk({ index: 0, function: { arguments: '{}' } }),
    ])
      expect(numbers.editsOf(json)).toEqual([]);
  });

  test('are each whole for a client that gathers by index, whatever numbers and ids an engine gives, or the stream fails', () => {
    const habits = fc.record({
      index: fc.constantFrom('own', 'zero', 'none' as const),
      ids: fc.constantFrom('first', 'every', 'none' as const),
      isMixed: fc.boolean(),
      cut: fc.nat(9),
    });
    fc.assert(
      fc.property(inputs, habits, (texts, { index, ids, isMixed, cut }) => {
        const pieces = texts.map((input, call) =>
          [input.slice(0, cut), input.slice(cut)].map((part, at): Piece => ({
            ...(index === 'own' ? { index: call } : index === 'zero' ? { index: 0 } : {}),
            ...((ids === 'every' || (ids === 'first' && at === 0)) && { id: `id_${call}` }),
            function: { ...(at === 0 && { name: `f${call}` }), arguments: part },
          })),
        );
        const order = isMixed
          ? [...pieces.map(([first]) => first!), ...pieces.map(([, second]) => second!)]
          : pieces.flat();
        let calls: ReturnType<typeof gathered>;
        try {
          calls = gathered(order.map((piece) => chunk(piece)));
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceError);
          expect(isMixed && index !== 'own' && ids !== 'every').toBe(true);
          return;
        }
        const isTold = index === 'own' || ids === 'every' || !isMixed;
        if (isTold)
          expect(calls.map(({ name, input }) => [name, input])).toEqual(
            texts.map((input, call) => [`f${call}`, input]),
          );
        expect(new Set(calls.map(({ id }) => id)).size).toBe(calls.length);
        expect(calls.every(({ id }) => id !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
