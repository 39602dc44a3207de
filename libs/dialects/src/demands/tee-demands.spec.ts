import { describe, expect, test } from '@jest/globals';
import { narrowed, readTeeDemands } from './tee-demands.ts';

describe('demands of a machine', () => {
  test.each([
    ['tee', { isGpu: false, isInstance: false, tcb: null }],
    ['tee; gpu; tcb=UpToDate; instance', { isGpu: true, isInstance: true, tcb: 'UpToDate' }],
    ['instance;tee', { isGpu: false, isInstance: true, tcb: null }],
    ['tcb=OutOfDate', { isGpu: false, isInstance: false, tcb: 'OutOfDate' }],
  ])('%s is read', (value, demands) => {
    expect(readTeeDemands(value)).toEqual(demands);
  });

  test.each([
    '',
    ';',
    'tee;',
    'zdr',
    'TEE',
    'tee, gpu',
    'tee; tee',
    'tcb=UpToDate; tcb=OutOfDate',
    'tcb=Revoked',
    'tcb=',
  ])('"%s" is not understood, and not ignored', (value) => expect(readTeeDemands(value)).toBeUndefined());
});

test('of two who demand, whatever either demands holds, and the better patch level', () => {
  const [team, caller] = ['gpu; tcb=SWHardeningNeeded', 'instance; tcb=UpToDate'].map(readTeeDemands);
  expect(narrowed(team, caller)).toEqual({ isGpu: true, isInstance: true, tcb: 'UpToDate' });
  expect(narrowed(caller, team)).toEqual(narrowed(team, caller));
  expect(narrowed(team, readTeeDemands('tee'))).toEqual(team);
  expect([narrowed(team, undefined), narrowed(undefined, caller), narrowed(undefined, undefined)]).toEqual([
    team,
    caller,
    undefined,
  ]);
});
