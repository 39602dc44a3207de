import { describe, expect, test } from '@jest/globals';
import { errorCodes, errorTable, ServiceError } from '@orgn/contracts';
import { isDeclared, toEdgeAnswer } from './edge-error.ts';
import { RefusalError } from './refusal.error.ts';

const openai = { requestId: 'r-1', dialect: 'openai' as const };
const anthropic = { requestId: 'r-1', dialect: 'anthropic' as const };
const refusedEnclave = (...statuses: ('fail' | 'unknown')[]) => {
  const checks = statuses.map((status) => ({ id: 'measurements', status }));
  return new RefusalError({ code: 'attestation_failed', message: 'x', checks });
};
const headersOf = (error: Error) => toEdgeAnswer(error, openai).headers;

describe('toEdgeAnswer', () => {
  test.each(errorCodes)('renders %s by its row, in the envelope, with the request id', (code) => {
    const { status, body } = toEdgeAnswer(new ServiceError(code, 'What happened.', { param: 'model' }), openai);
    expect(status).toBe(errorTable[code].status);
    expect(body.error).toMatchObject({
      message: 'What happened.',
      type: errorTable[code].type,
      param: 'model',
      request_id: 'r-1',
    });
  });

  test.each(errorCodes)("renders %s for Anthropic's clients in their envelope", (code) => {
    const { status, body } = toEdgeAnswer(new ServiceError(code, 'What happened.'), anthropic);
    expect(status).toBe(errorTable[code].status);
    expect(body).toMatchObject({
      type: 'error',
      error: { type: expect.stringMatching(/_error$|^request_too_large$/), message: 'What happened.' },
      request_id: 'r-1',
    });
  });

  test('says nothing of an error that nobody declared', () => {
    const error = Object.assign(new Error('password hunter2'), { stack: 'hunter2' });
    expect(JSON.stringify(toEdgeAnswer(error, openai))).not.toContain('hunter2');
    expect(toEdgeAnswer(error, openai).status).toBe(500);
    expect(isDeclared(error)).toBe(false);
  });

  test("passes a provider's own status, type and code on", () => {
    const refusal = new RefusalError({
      code: 'provider_error',
      message: 'Too long.',
      status: 422,
      type: 'bad',
      providerCode: 'ctx',
    });
    expect(toEdgeAnswer(refusal, openai)).toMatchObject({
      status: 422,
      body: { error: { message: 'Too long.', type: 'bad', code: 'ctx' } },
    });
  });

  test.each([
    [new ServiceError('invalid_api_key', 'x'), { 'www-authenticate': 'Bearer' }],
    [new ServiceError('service_unavailable', 'x'), { 'retry-after': '1' }],
    [new RefusalError({ code: 'rate_limit_exceeded', message: 'x', retryAfterSeconds: 9 }), { 'retry-after': '9' }],
    [new RefusalError({ code: 'provider_unavailable', message: 'x', retryAfterSeconds: 9 }), { 'retry-after': '9' }],
    [refusedEnclave('unknown', 'fail'), { 'x-ollm-attestation': 'failed' }],
    [refusedEnclave('unknown'), { 'x-ollm-attestation': 'unknown' }],
    [new RefusalError({ code: 'method_not_allowed', message: 'x', allow: ['GET', 'HEAD'] }), { allow: 'GET, HEAD' }],
  ])('adds the headers that %s calls for', (error, headers) => {
    expect(headersOf(error)).toMatchObject(headers);
  });

  test.each([
    ['service_unavailable', 'true'],
    ['rate_limit_exceeded', 'true'],
    ['request_timeout', 'true'],
    ['provider_timeout', 'true'],
    ['invalid_request', 'false'],
    ['idempotency_in_progress', 'false'],
    ['key_revoked', 'false'],
  ] as const)('tells clients that repeat by themselves what to make of %s: %s', (code, expected) => {
    expect(headersOf(new ServiceError(code, 'x'))['x-should-retry']).toBe(expected);
  });

  test('replaces the text of what Fastify refuses', () => {
    const error = Object.assign(new Error('canary'), { code: 'FST_ERR_BAD_URL', statusCode: 400 });
    const { status, body } = toEdgeAnswer(error, openai);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain('canary');
  });
});
