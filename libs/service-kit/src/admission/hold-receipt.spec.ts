import { createSecretKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { RequestId } from '@orgn/contracts';
import { mintReceipt, readReceipt } from './hold-receipt.ts';

const keyOf = (kid: string) => ({ kid, key: createSecretKey(Buffer.alloc(32, kid)) });
const requestId = '0199a3c4-0000-7000-8000-00000000000a' as RequestId;
const other = '0199a3c4-0000-7000-8000-00000000000b' as RequestId;
const receipt = { requestId, nanoUsd: 123_456_789_012n, epoch: 7n, blocks: ['12', '345'] };
const made = mintReceipt([keyOf('new')], receipt);

describe('a receipt', () => {
  test('says what is held and of which blocks, under any key that is accepted', () => {
    expect(readReceipt([keyOf('new')], requestId, made)).toEqual(receipt);
    expect(readReceipt([keyOf('newer'), keyOf('new')], requestId, made)).toEqual(receipt);
    expect(readReceipt([keyOf('new')], requestId.toUpperCase() as RequestId, made)).toMatchObject({
      nanoUsd: receipt.nanoUsd,
    });
  });

  test('is good for its request alone, and under a key that made it', () => {
    expect(readReceipt([keyOf('new')], other, made)).toBeUndefined();
    expect(readReceipt([keyOf('old')], requestId, made)).toBeUndefined();
  });

  test.each([
    ['another amount', made.replace('123', '124')],
    ['another block', made.replace('345', '346')],
    ['a block more', made.replace('345', '345_346')],
    ['no blocks', made.replace('12_345', '')],
    ['nothing', ''],
    ['a text that never ends', '1'.repeat(100_000)],
  ])('with %s is none', (_name, text) => {
    expect(readReceipt([keyOf('new')], requestId, text)).toBeUndefined();
  });
});
