import { describe, expect, test } from '@jest/globals';
import { faultsOf } from './judgement.mjs';

const answered = {
  method: 'POST',
  path: '/v1/messages',
  status: 200,
  body: '{"stream" : true}',
  answer: '',
  isWhole: true,
  answerHeaders: { 'x-request-id': 'r1' },
};
const refused = { ...answered, status: 400, answer: '{"error":{"message":"No."}}' };
const row = { outcome: 'completed', countedBy: 'provider', promptTokens: 7, completionTokens: 5 };
const good = { text: 'lighthouse two', deltas: 9, calls: ['Bern'], usage: { input: 7, output: 5 } };

function judge({ said = good, exchanges = [answered], rows = [row], client = {} } = {}) {
  return faultsOf({ name: 'stream', said, exchanges, client, stack: { rowsOf: async () => rows } });
}

describe('a case', () => {
  test('is green when the client saw what it should, and counts what the ledger counts', async () => {
    expect(await judge()).toEqual([]);
  });

  test.each([
    ['says something else', { said: { ...good, text: 'Error' } }, /it said "Error"/],
    ['failed', { said: { error: 'TypeError: x' } }, /TypeError: x/],
    ['called the tool with nothing', { said: { ...good, calls: ['undefined'] } }, /called with undefined/],
    ['saw the stream in one piece', { said: { ...good, deltas: 1 } }, /saw 1 pieces/],
    [
      'counts other tokens',
      { said: { ...good, usage: { input: 0, output: 5 } } },
      /counts 0 \+ 5 tokens, the ledger 7 \+ 5/,
    ],
    ['shows a request that no row has', { said: { ...good, shows: [{ input: 1, output: 1 }] } }, /which no row has/],
    ['was refused, though it went on', { exchanges: [refused, answered] }, /POST \/v1\/messages: 400 No\./],
    ['was not answered at all', { exchanges: [], rows: [] }, /no request was answered/],
    ['left a stream', { exchanges: [{ ...answered, isWhole: false }] }, /not read to its end/],
    ['streamed nothing', { exchanges: [{ ...answered, body: '{}' }] }, /nothing was streamed/],
    ['was not metered', { rows: [] }, /no usage row/],
    ['was counted by us', { rows: [{ ...row, countedBy: 'router' }] }, /counted by router/],
  ])('is red when the client %s', async (_, parts, fault) => {
    expect((await judge(parts)).join('\n')).toMatch(fault);
  });

  test('may be refused where the client is known to recover', async () => {
    expect(await judge({ exchanges: [refused, answered], client: { recovers: () => true } })).toEqual([]);
  });

  test('says a fault that was met often once', async () => {
    expect(await judge({ exchanges: [refused, refused, answered] })).toEqual(['POST /v1/messages: 400 No. (2 times)']);
  });
});
