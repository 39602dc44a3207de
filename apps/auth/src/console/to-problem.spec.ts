import { describe, expect, test } from '@jest/globals';
import { problem } from '@orgn/console-api';
import { errorCodes, ServiceError } from '@orgn/contracts';
import { toProblem } from './to-problem.ts';

describe('a refusal', () => {
  test.each(errorCodes)('is a problem document (%s)', (code) => {
    const refusal = toProblem(new ServiceError(code, 'What happened.', { param: 'budgets.total' }), 'request-1');
    expect(problem.parse(refusal)).toEqual(refusal);
    expect(refusal).toMatchObject({ code, detail: 'What happened.', errors: [{ path: 'budgets.total' }] });
  });

  test.each([
    ['not_signed_in', '/api/auth/login?returnTo=%2F'],
    ['reauthentication_required', '/api/auth/login?stepUp=1&returnTo=%2F'],
  ] as const)('that a sign-in mends says where to sign in (%s)', (code, action) => {
    expect(toProblem(new ServiceError(code, 'Sign in.'), 'request-1').action).toBe(action);
  });

  test('that nothing mends leads nowhere', () => {
    expect(toProblem(new ServiceError('not_found', 'Gone.'), 'request-1')).not.toHaveProperty('action');
  });
});
