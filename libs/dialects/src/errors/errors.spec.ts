import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { APIError } from '@anthropic-ai/sdk';
import { errorCodes, errorTable } from '@orgn/contracts';
import { toAnthropicError } from './anthropic-error.ts';
import { errorsPage } from './errors-page.ts';

describe('docs/errors.md', () => {
  test('says what the tables say; UPDATE_DOCS=1 writes it', () => {
    const file = new URL('../../../../docs/errors.md', import.meta.url);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, errorsPage());
    expect(readFileSync(file, 'utf8')).toBe(errorsPage());
  });

  test('has a row for every code, with its status', () => {
    const page = errorsPage();
    for (const code of errorCodes)
      expect(page).toMatch(new RegExp(`^\\| \`${code}\` +\\| ${errorTable[code].status} `, 'm'));
  });
});

describe('toAnthropicError', () => {
  test.each([
    ['invalid_request', 'invalid_request_error'],
    ['invalid_api_key', 'authentication_error'],
    ['key_disabled', 'permission_error'],
    ['insufficient_balance', 'billing_error'],
    ['model_not_found', 'not_found_error'],
    ['idempotency_in_progress', 'conflict_error'],
    ['idempotency_mismatch', 'invalid_request_error'],
    ['request_too_large', 'request_too_large'],
    ['rate_limit_exceeded', 'rate_limit_error'],
    ['internal', 'api_error'],
    ['provider_unavailable', 'api_error'],
    ['service_unavailable', 'overloaded_error'],
    ['provider_timeout', 'timeout_error'],
  ] as const)('calls %s %s', (code, type) => {
    expect(toAnthropicError({ code, message: 'm' }, 'r')).toEqual({
      type: 'error',
      error: { type, message: 'm', details: { error_code: code, param: null } },
      request_id: 'r',
    });
  });

  test("follows the status of a provider's own error", () => {
    expect(toAnthropicError({ code: 'provider_error', message: 'm' }, 'r', 429).error.type).toBe('rate_limit_error');
  });

  test("is what Anthropic's SDK takes for an error", () => {
    const body = toAnthropicError({ code: 'model_not_found', message: 'No such model.', param: 'model' }, 'r');
    const error = APIError.generate(404, body, undefined, new Headers());
    expect(error).toMatchObject({ status: 404, type: 'not_found_error' });
    expect(error.message).toContain('No such model.');
  });
});
