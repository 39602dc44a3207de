import { describe, expect, test } from '@jest/globals';
import { ServiceError, type KeyId, type RequestId, type TeamId } from '@orgn/contracts';
import type { ServiceLog } from '@orgn/service-kit';
import { Registry } from 'prom-client';
import { makeWord } from '../authentication/make.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { RunningRequest } from './running-request.ts';
import { RunningRequests } from './running-requests.ts';

const keyOf = (digit: string) => `key_${digit.repeat(32)}` as KeyId;
const TEAM = 'team_acme' as TeamId;
const request = (keyId: KeyId, isStream = false) =>
  new RunningRequest({
    requestId: 'request' as RequestId,
    key: {} as PresentedKey,
    caller: { ...makeWord({ keyId, teamId: TEAM }), askedAt: 0 },
    models: [],
    isStream,
  });
const begin = () => new RunningRequests({ info: () => undefined } as unknown as ServiceLog, new Registry());

describe('the requests that run', () => {
  test('are found by their key and their team until each of them has ended, whichever ends first', () => {
    const running = begin();
    const [first, second, other] = [request(keyOf('1'), true), request(keyOf('1')), request(keyOf('2'))];
    for (const one of [first, second, other]) running.add(one);
    expect(running.countUnder(keyOf('1'))).toEqual({ requests: 2, streams: 1 });
    expect(running.under([keyOf('1'), TEAM])).toEqual(new Set([first, second, other]));
    running.remove(first);
    expect(running.countUnder(keyOf('1'))).toEqual({ requests: 1, streams: 0 });
    expect([...running.under([keyOf('1')])]).toEqual([second]);
    expect(running.countUnder(TEAM).requests).toBe(2);
    running.remove(second);
    expect([...running.under([keyOf('1')]), ...running.under([TEAM])]).toEqual([other]);
    running.remove(other);
    expect([...running.under([keyOf('1'), keyOf('2'), TEAM]), ...running.all()]).toEqual([]);
  });

  test('are cut once, with what was said first, and not when they have ended', () => {
    const running = begin();
    const [open, ended] = [request(keyOf('1')), request(keyOf('1'))];
    for (const one of [open, ended]) running.add(one);
    running.remove(ended);
    const revoked = new ServiceError('key_revoked', 'No more.');
    for (const one of [open, ended]) running.cut(one, revoked);
    running.cutAll();
    expect([open.cut.reason, ended.cut.aborted]).toEqual([revoked, false]);
  });
});
