import { BadRequestException, HttpException, ImATeapotException, PayloadTooLargeException } from '@nestjs/common';
import { describe, expect, test } from '@jest/globals';
import { errorCodes as fastifyCodes } from 'fastify';
import { isDeclared, toEdgeAnswer } from './edge-error.ts';

const openai = { requestId: 'r-1', dialect: 'openai' as const };
const raised = Object.entries(fastifyCodes).map(([code, Raised]) => ({ code, error: new Raised('canary') }));
const callers = raised.filter(({ error }) => (error.statusCode ?? 500) < 500);
const ours = raised.filter(({ error }) => (error.statusCode ?? 500) >= 500);
const wrapped = (error: Error & { statusCode?: number }) =>
  new HttpException(error.message, error.statusCode ?? 500, { cause: error });

describe('what Fastify refuses', () => {
  test('is a list that is not empty', () => {
    expect(callers.length).toBeGreaterThan(10);
  });

  test.each(callers)('is declared, bare and as Nest wraps it: $code', ({ error }) => {
    for (const exception of [error, wrapped(error)]) {
      const { status, body } = toEdgeAnswer(exception, openai);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
      expect(isDeclared(exception)).toBe(true);
      expect(JSON.stringify(body)).not.toContain('canary');
    }
  });

  test('says of a media type, an empty body and a URL what is wrong with them', () => {
    const messageOf = (code: keyof typeof fastifyCodes) =>
      toEdgeAnswer(wrapped(new fastifyCodes[code]()), openai).body.error.message;
    expect(messageOf('FST_ERR_CTP_INVALID_MEDIA_TYPE')).toContain('content-type');
    expect(messageOf('FST_ERR_CTP_EMPTY_JSON_BODY')).toContain('no body');
    expect(messageOf('FST_ERR_BAD_URL')).toContain('URL');
  });

  test.each(ours.filter(({ code }) => code !== 'FST_ERR_HANDLER_TIMEOUT'))(
    'stays a fault of ours where it is one: $code',
    ({ error }) => {
      expect(toEdgeAnswer(error, openai).status).toBe(500);
    },
  );
});

describe('what Nest refuses', () => {
  test.each([
    [new BadRequestException('canary'), 400, 'invalid_request'],
    [new PayloadTooLargeException('canary'), 413, 'request_too_large'],
    [new ImATeapotException('canary'), 400, 'invalid_request'],
    [new HttpException('canary', 415), 400, 'invalid_request'],
    [new HttpException('canary', 408), 408, 'request_timeout'],
    [new HttpException('canary', 431), 413, 'request_too_large'],
    [new HttpException('canary', 500), 500, 'internal'],
  ])('%s is %i %s', (exception, status, code) => {
    const answer = toEdgeAnswer(exception, openai);
    expect(answer).toMatchObject({ status, body: { error: { code } } });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  });
});
