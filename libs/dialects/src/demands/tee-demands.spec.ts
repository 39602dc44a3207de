import { describe, expect, test } from '@jest/globals';
import { readTeeDemands } from './tee-demands.ts';

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
