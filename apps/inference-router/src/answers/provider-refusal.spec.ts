import { describe, expect, test } from '@jest/globals';
import { near } from '../providers/near.provider.ts';
import { vercel } from '../providers/vercel.provider.ts';
import { toRefusal } from './provider-refusal.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('toRefusal', () => {
  test.each([
    [
      {
        error: {
          message: 'Too long',
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded',
        },
      },
    ],
    [
      {
        error: {
          message: 'Too long',
          type: 'invalid_request_error',
          param: 'messages',
          code: 'context_length_exceeded',
        },
        extra: 1,
      },
    ],
  ])("keeps a provider's own words on the caller's fault", (body) => {
    expect(toRefusal(400, bytes(body), undefined, near)).toEqual({
      code: 'provider_error',
      message: 'Too long',
      status: 400,
      type: 'invalid_request_error',
      providerCode: 'context_length_exceeded',
      param: 'messages',
    });
  });

  test.each([
    [{ error: 'Too long' }, 'Too long'],
    [{ detail: 'Too long' }, 'Too long'],
    [{ message: 'Too long' }, 'Too long'],
    [{ error: { message: 'Too long', code: 400, param: null } }, 'Too long'],
    [{ detail: [{ loc: ['body'] }] }, 'The model provider refused the request.'],
    ['nonsense', 'The model provider refused the request.'],
  ])('reads %j', (body, message) => {
    expect(toRefusal(422, bytes(body), undefined, near)).toMatchObject({
      code: 'provider_error',
      status: 422,
      message,
    });
  });

  test.each([401, 403, 500, 502, 503])('%i is our trouble and keeps its text to itself', (status) => {
    const refusal = toRefusal(status, bytes({ error: { message: 'key sk-secret is bad' } }), undefined, near);
    expect(refusal.code).toBe('provider_unavailable');
    expect(refusal.message).not.toContain('sk-secret');
  });

  test("a quota of our account is not the caller's rate limit", () => {
    expect(toRefusal(429, bytes({ error: { message: 'x', code: 'insufficient_quota' } }), undefined, near).code).toBe(
      'service_unavailable',
    );
    expect(toRefusal(402, bytes({}), undefined, near).code).toBe('service_unavailable');
    expect(toRefusal(429, bytes({ error: { message: 'slow down' } }), '12', near)).toMatchObject({
      code: 'rate_limit_exceeded',
      retryAfterSeconds: 12,
    });
  });

  test('no provider with zero retention is zdr_unavailable, on vercel only', () => {
    const body = bytes({
      error: 'No ZDR (Zero Data Retention) providers available',
      type: 'no_providers_available',
      statusCode: 400,
    });
    expect(toRefusal(400, body, undefined, vercel).code).toBe('zdr_unavailable');
    expect(toRefusal(400, body, undefined, near).code).toBe('provider_error');
  });
});
