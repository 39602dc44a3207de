import { describe, expect, test } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { consoleRoute, noReply } from '@orgn/console-api';
import type { UserId } from '@orgn/contracts';
import type { AuthConfig } from '../config.ts';
import { StepUpService } from '../sessions/step-up.service.ts';
import type { SignedIn } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { StepUpGuard } from './step-up.guard.ts';

const define = (isStepUp: boolean) =>
  consoleRoute('thing', {
    method: 'POST',
    path: '/api/thing',
    tag: 'test',
    summary: 'A thing.',
    reply: noReply,
    status: 204,
    access: { who: 'signed_in', isStepUp },
  });
const [dangerous, harmless] = [define(true), define(false)];

class Controller {
  @Implements(dangerous)
  rotate() {
    return undefined;
  }

  @Implements(harmless)
  revoke() {
    return undefined;
  }
}

const guard = new StepUpGuard(new Reflector(), new StepUpService({ STEP_UP_SECONDS: 900 } as AuthConfig));

function pass(handler: 'rotate' | 'revoke', secondsAgo: number): boolean {
  const caller: SignedIn = {
    sessionId: 'session_1',
    userId: 'user_1' as UserId,
    isOperator: false,
    authenticatedAt: new Date(Date.now() - secondsAgo * 1_000),
    email: '',
    isEmailVerified: true,
    name: '',
  };
  const context = {
    getHandler: () => Reflect.get(Controller.prototype, handler) as unknown,
    switchToHttp: () => ({ getRequest: () => ({ console: { caller } }) }),
  };
  return guard.canActivate(context as unknown as ExecutionContext);
}

describe('a route that wants a recent sign-in', () => {
  test('is open to who signed in within the last 15 minutes', () => {
    expect([pass('rotate', 0), pass('rotate', 899)]).toEqual([true, true]);
  });

  test('asks everybody else to sign in again', () => {
    expect(() => pass('rotate', 901)).toThrow(expect.objectContaining({ code: 'reauthentication_required' }));
  });
});

test('a route that does not want one is open after any time', () => {
  expect(pass('revoke', 7 * 24 * 3600)).toBe(true);
});
