import { describe, expect, test } from '@jest/globals';
import { near } from '../providers/near.provider.ts';
import { vercel } from '../providers/vercel.provider.ts';
import { toRefusal as readRefusal } from './provider-refusal.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const toRefusal = (status: number, body: Buffer, retryAfter: number | undefined, provider: typeof near) =>
  readRefusal({ status, retryAfter }, body, provider).refusal;

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
    [{ object: 'error', message: 'Too long', type: 'BadRequestError', param: null, code: 400 }, 'Too long'],
    [{ detail: { message: 'Too long' } }, 'Too long'],
    [{ detail: [{ loc: ['body', 'n'], msg: 'Too long', type: 'x' }] }, 'n: Too long'],
    [{ detail: [{ loc: ['body'] }] }, 'The model provider refused the request.'],
    ['nonsense', 'The model provider refused the request.'],
  ])('reads %j', (body, message) => {
    expect(toRefusal(422, bytes(body), undefined, near)).toMatchObject({
      code: 'provider_error',
      status: 422,
      message,
    });
  });

  test('tells which fields FastAPI complains about, as callers write them', () => {
    const detail = [
      { type: 'missing', loc: ['body', 'messages', 0, 'content'], msg: 'Field required', input: {} },
      { type: 'int_type', loc: ['body', 'seed'], msg: 'Input should be a valid integer' },
    ];
    expect(toRefusal(422, bytes({ detail }), undefined, near)).toMatchObject({
      message: 'messages[0].content: Field required; seed: Input should be a valid integer',
      param: 'messages[0].content',
    });
  });

  test.each([
    [{ error: { message: 'x', code: 503 } }, 'provider_unavailable', true],
    [{ error: { message: 'x', type: 'overloaded_error' } }, 'provider_unavailable', true],
    [{ error: { message: 'x' } }, 'provider_unavailable', true],
    [{ error: { message: 'x', type: 'rate_limit_exceeded' } }, 'rate_limit_exceeded', false],
    [{ error: { message: 'x', code: '429' } }, 'rate_limit_exceeded', false],
    [{ error: { message: 'x', type: 'invalid_request_error' } }, 'provider_error', false],
    [{ object: 'error', message: 'x', type: 'BadRequestError', code: 400 }, 'provider_error', false],
    [{ error: { message: 'x', code: 500 } }, 'provider_unavailable', false],
    [{ error: 'x', statusCode: 504 }, 'provider_timeout', true],
  ])('takes %j inside of a 200 for what it would have been with its status', (body, code, isRetryable) => {
    const read = readRefusal({ status: 200, retryAfter: undefined }, bytes(body), near);
    expect(read).toMatchObject({ refusal: { code }, isRetryable });
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
    expect(toRefusal(429, bytes({ error: { message: 'slow down' } }), 12, near)).toMatchObject({
      code: 'rate_limit_exceeded',
      retryAfterSeconds: 12,
    });
  });

  test.each([404, 413, 429, 401, 402, 403, 408, 409, 410, 451, 500, 502, 503, 504, 529])(
    '%i is said in our words: a provider’s name the operator’s organisation, tier and models',
    (status) => {
      const secret = 'org-acme tier-1 qwen3-30b-internal';
      const error = { message: secret, type: secret, param: secret, code: secret };
      const bodies = [
        { error },
        { error: secret, type: secret },
        { detail: secret },
        { detail: [{ loc: [secret], msg: secret }] },
      ];
      for (const body of bodies) {
        for (const provider of [near, vercel]) {
          expect(JSON.stringify(toRefusal(status, bytes(body), undefined, provider))).not.toMatch(
            /acme|tier-1|internal/,
          );
          const inside = readRefusal(
            { status: 200, retryAfter: undefined },
            bytes({ ...body, statusCode: status }),
            provider,
          );
          if (!('error' in body) || typeof body.error === 'string') {
            expect(JSON.stringify(inside)).not.toMatch(/acme|tier-1|internal/);
          }
        }
      }
    },
  );

  test('a code that programs act on is kept, in our words', () => {
    const body = bytes({ error: { message: 'org-acme sends too much', code: 'context_length_exceeded' } });
    expect(toRefusal(413, body, undefined, near)).toEqual({
      code: 'provider_error',
      message: 'The request is larger than the model provider takes; send less.',
      status: 413,
      providerCode: 'context_length_exceeded',
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
