import { describe, expect, test } from '@jest/globals';
import { processorTimeOf } from '@orgn/testing';
import { dialectOf } from './dialect.ts';
import { endpoints } from './endpoints.ts';
import { rightAddress } from './right-address.ts';
import { unknownEndpoint } from './unknown-endpoint.ts';

describe('a wrong address', () => {
  test.each([
    ['/messages', '/v1/messages'],
    ['/messages/count_tokens?beta=true', '/v1/messages/count_tokens'],
    ['/chat/completions', '/v1/chat/completions'],
    ['/chat/completions/', '/v1/chat/completions'],
    ['/responses', '/v1/responses'],
    ['/models', '/v1/models'],
    ['/models/near_qwen3_30b', '/v1/models/{id}'],
    ['/v1/v1/messages', '/v1/messages'],
    ['/v1/v1/v1/chat/completions', '/v1/chat/completions'],
    ['//v1/chat/completions', '/v1/chat/completions'],
    ['/v1//chat/completions', '/v1/chat/completions'],
    ['/V1/Chat/Completions', '/v1/chat/completions'],
    ['/openai/v1/responses', '/v1/responses'],
    ['/api/v1/models', '/v1/models'],
    ['/anthropic/v1/messages', '/v1/messages'],
    ['/v1/openai/chat/completions', '/v1/chat/completions'],
    ['/openai/deployments/gpt-4o/chat/completions?api-version=1', '/v1/chat/completions'],
    ['/v1/chat/completions/chat/completions', '/v1/chat/completions'],
    ['/v1/messages/v1/messages', '/v1/messages'],
  ])('%s is told %s', (url, address) => {
    const refusal = unknownEndpoint({ url, method: 'POST' });
    expect(refusal.code).toBe('not_found');
    expect(refusal.message).toContain(`The address is ${address}:`);
  });

  test.each(['/v1/files', '/v1/messages/batches', '/v1', '/v1/x/models', '/v1/images/generations'])(
    '%s below /v1 is told what there is',
    (url) => {
      const { code, message } = unknownEndpoint({ url, method: 'POST' });
      expect(code).toBe('not_found');
      expect(message).toContain('Under /v1 there are: POST /v1/chat/completions,');
      expect(message).not.toContain('lives');
    },
  );

  test.each(['/', '/nowhere', '/metrics'])('%s is told where the API is', (url) => {
    expect(unknownEndpoint({ url, method: 'GET' }).message).toContain('The API lives under /v1: POST');
  });

  test('that is long costs no search', () => {
    const urls = ['/v1'.repeat(100_000), `/${'a'.repeat(1_000_000)}`, '/'.repeat(1_000_000), '/models/'.repeat(60)];
    const search = () => urls.forEach((url) => expect(rightAddress(url)).toBeUndefined());
    expect(processorTimeOf(search)).toBeLessThan(500);
  });

  test('compacting is not there, and the caller learns why', () => {
    const { code, message } = unknownEndpoint({ url: '/v1/responses/compact', method: 'POST' });
    expect([code, message]).toEqual(['not_found', expect.stringContaining('retains nothing')]);
  });

  test('no endpoint is taken for another', () => {
    for (const { name } of endpoints)
      expect(unknownEndpoint({ url: name.replace('{id}', 'x'), method: 'PUT' }).code).toBe('method_not_allowed');
  });
});

describe('whose protocol a caller speaks', () => {
  const anthropic = { 'anthropic-version': '2023-06-01' };
  const apiKey = { 'x-api-key': 'k' };
  const bearer = { authorization: 'Bearer k' };
  test.each([
    ['/v1/messages', {}, 'anthropic'],
    ['/v1/messages/batches', bearer, 'anthropic'],
    ['/messages', bearer, 'anthropic'],
    ['/v1/responses/resp_1', anthropic, 'responses'],
    ['/v1/chat/completions', { ...anthropic, ...apiKey }, 'openai'],
    ['/v2/rerank', apiKey, 'openai'],
    ['/v1/models', bearer, 'openai'],
    ['/v1/models', apiKey, 'anthropic'],
    ['/v1/models', { ...bearer, ...apiKey }, 'openai'],
    ['/v1/models?limit=1000', { ...bearer, ...anthropic }, 'anthropic'],
    ['/v1/models/near_qwen3_30b', anthropic, 'anthropic'],
    ['/v1/files', anthropic, 'anthropic'],
    ['/v1/files', {}, 'openai'],
    ['/v1/nowhere', apiKey, 'anthropic'],
  ] as const)('of %s with %j is %s', (url, headers, dialect) => {
    expect(dialectOf({ url, headers })).toBe(dialect);
  });
});
