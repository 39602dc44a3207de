import { describe, expect, test } from '@jest/globals';
import { type ServiceError } from '@orgn/contracts';
import { splice } from '../json/splice.ts';
import { parseRerankRequest } from './parse-rerank-request.ts';
import { readRerankAnswer } from './rerank-answer.ts';
import { rerankRequestEdits } from './rerank-request-edits.ts';
import { toText } from '../request/request-edits.ts';

const toBody = (value: object) => Buffer.from(JSON.stringify(value));
const base = { model: 'm', query: 'q', documents: ['a', { text: 'b' }] };
const refusalOf = (fields: object): ServiceError => {
  try {
    parseRerankRequest(toBody({ ...base, ...fields }));
  } catch (error) {
    return error as ServiceError;
  }
  throw new Error('was accepted');
};

describe('parseRerankRequest', () => {
  test('takes documents as text and as objects', () => {
    const request = { ...base, top_n: 1, return_documents: true };
    expect(parseRerankRequest(toBody(request))).toEqual(request);
  });

  test.each<[object, string, string]>([
    [{ query: '' }, 'invalid_request', 'query'],
    [{ documents: [] }, 'invalid_request', 'documents'],
    [{ documents: [{ title: 'x' }] }, 'invalid_request', 'documents[0].text'],
    [{ top_n: 0 }, 'invalid_request', 'top_n'],
    [{ rank_fields: [] }, 'unknown_parameter', 'rank_fields'],
  ])('refuses %j as %s at %s', (fields, code, param) => {
    expect(refusalOf(fields)).toMatchObject({ code, param });
  });
});

describe('rerankRequestEdits', () => {
  test('replace the model alone', () => {
    const body = toBody(base);
    expect(JSON.parse(splice(body, rerankRequestEdits(toText(body), { upstreamModel: 'up' })).toString())).toEqual({
      ...base,
      model: 'up',
    });
  });
});

describe('readRerankAnswer', () => {
  const results = [{ index: 0, relevance_score: 0.5 }];

  test.each([
    [
      { results, meta: { billed_units: { search_units: 2 } } },
      { searchUnits: 2, promptTokens: 0 },
    ],
    [
      { results, meta: { tokens: { input_tokens: 9 } } },
      { searchUnits: 0, promptTokens: 9 },
    ],
    [{ results, usage: { total_tokens: 7 } }, { promptTokens: 7 }],
  ])('reads the usage of %j', (answer, usage) => {
    expect(readRerankAnswer(toBody(answer))?.usage).toMatchObject(usage);
  });

  test('finds no usage where there is none', () => {
    expect(readRerankAnswer(toBody({ results }))).toMatchObject({ usage: undefined, hasChoices: true });
  });
});
