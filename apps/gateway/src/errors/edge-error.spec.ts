import { describe, expect, test } from '@jest/globals';
import { errorTable } from '@orgn/api';
import { errorCodes, ServiceError } from '@orgn/contracts';
import { isDeclared, toEdgeAnswer } from './edge-error.ts';
import { RefusalError } from './refusal.error.ts';

describe('toEdgeAnswer', () => {
  test.each(errorCodes)('renders %s by its row, in the envelope, with the request id', (code) => {
    const { status, body } = toEdgeAnswer(new ServiceError(code, 'What happened.', { param: 'model' }), 'r-1');
    expect(status).toBe(errorTable[code].status);
    expect(body.error).toMatchObject({
      message: 'What happened.',
      type: errorTable[code].type,
      param: 'model',
      request_id: 'r-1',
    });
  });

  test('says nothing of an error that nobody declared', () => {
    const error = Object.assign(new Error('password hunter2'), { stack: 'hunter2' });
    expect(JSON.stringify(toEdgeAnswer(error, 'r-1'))).not.toContain('hunter2');
    expect(toEdgeAnswer(error, 'r-1').status).toBe(500);
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
    expect(toEdgeAnswer(refusal, 'r-1')).toMatchObject({
      status: 422,
      body: { error: { message: 'Too long.', type: 'bad', code: 'ctx' } },
    });
  });

  test.each([
    [new ServiceError('invalid_api_key', 'x'), { 'www-authenticate': 'Bearer' }],
    [new ServiceError('service_unavailable', 'x'), { 'retry-after': '1' }],
    [new RefusalError({ code: 'rate_limit_exceeded', message: 'x', retryAfterSeconds: 9 }), { 'retry-after': '9' }],
    [new RefusalError({ code: 'method_not_allowed', message: 'x', allow: ['GET', 'HEAD'] }), { allow: 'GET, HEAD' }],
  ])('adds the headers that %s calls for', (error, headers) => {
    expect(toEdgeAnswer(error, 'r-1').headers).toEqual(headers);
  });

  test.each([
    ['FST_ERR_CTP_BODY_TOO_LARGE', 413, 'request_too_large'],
    ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 400, 'invalid_request'],
  ])('replaces the text of %s', (code, statusCode, expected) => {
    const { body } = toEdgeAnswer(Object.assign(new Error('canary'), { code, statusCode }), 'r-1');
    expect(body.error.code).toBe(expected);
    expect(body.error.message).not.toContain('canary');
  });
});
