import { describe, expect, test } from '@jest/globals';
import { undo } from '@orgn/receipts';
import * as fc from 'fast-check';
import { explainEdits } from './explain-edits.ts';

const events = (...chunks: (object | string)[]) =>
  Buffer.from(chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join(''));
const explained = (wire: Buffer, shown: Buffer, isStream: boolean) => {
  const splices = explainEdits(wire, shown, isStream);
  if (splices) expect(Buffer.from(undo(shown, splices))).toEqual(wire);
  return splices;
};

describe('the edits of an answer', () => {
  test('are found in whole answers, and lead back to the provider’s bytes', () => {
    const said = (model: string, usage: object) =>
      Buffer.from(JSON.stringify({ choices: [{ message: { content: 'Grüße "model"' } }], model, usage }));
    expect(explained(said('theirs', { total: 1 }), said('ours', { total: 1, cost: 0.1 }), false)).toHaveLength(2);
    expect(explained(said('a', {}), said('a', {}), false)).toEqual([]);
  });

  test('are found in streams: names, chunks of usage left out, heartbeats and a bill of our own', () => {
    const chunk = (model: string, content: string) => ({ choices: [{ delta: { content } }], id: 'c', model });
    const usage = { choices: [], id: 'c', model: 'theirs', usage: { total_tokens: 3 } };
    const wire = events(chunk('theirs', 'Ä'), chunk('theirs', 'b'), usage, '[DONE]');
    const shown = events(chunk('ours', 'Ä'), chunk('ours', 'b'), '[DONE]');
    expect(explained(wire, shown, true)).toHaveLength(3);
    const beating = Buffer.concat([Buffer.from(': heartbeat\n\n'), shown]);
    expect(explained(wire, beating, true)).not.toBeNull();
    const billed = events(
      chunk('ours', 'Ä'),
      chunk('ours', 'b'),
      { ...usage, model: 'ours', usage: { cost: 1 } },
      '[DONE]',
    );
    expect(explained(wire, billed, true)).not.toBeNull();
  });

  test('are never content: where a text differs there is no list', () => {
    const said = (content: string) => Buffer.from(JSON.stringify({ choices: [{ message: { content } }], model: 'm' }));
    expect(explainEdits(said('secret'), said('public'), false)).toBeNull();
    const chunk = (content: string) => events({ choices: [{ delta: { content } }] });
    expect(explainEdits(chunk('secret'), chunk('public'), true)).toBeNull();
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (one, other, isStream) => {
        const splices = explained(Buffer.from(one), Buffer.from(other), isStream);
        expect((splices ?? []).every(({ cut }) => cut === '' || one.includes(cut))).toBe(true);
      }),
    );
  });
});
