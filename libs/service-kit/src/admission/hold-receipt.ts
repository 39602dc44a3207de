import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { RequestId } from '@orgn/contracts';
import type { AdmissionKeys } from './admission-keys.ts';

/** What an owner set aside for a request, and out of which blocks: who settles it frees the same, whether the owner lives or not. */
export interface HoldReceipt {
  requestId: RequestId;
  nanoUsd: bigint;
  /** Of the owner's shard. */
  epoch: bigint;
  /** Ids of blocks, one for each scope that limits the request. */
  blocks: readonly string[];
}

const TEXT = /^(\d{1,18})\.(\d{1,18})\.(\d{1,18}(?:_\d{1,18}){0,15})\.([A-Za-z0-9_-]{43})$/;

/** Makes a receipt: `<nano-USD>.<epoch>.<blocks>.<HMAC-SHA-256>`. No gateway can make one. */
export function mintReceipt([current]: AdmissionKeys, { requestId, nanoUsd, epoch, blocks }: HoldReceipt): string {
  const text = `${String(nanoUsd)}.${String(epoch)}.${blocks.join('_')}`;
  return `${text}.${digestOf(current.key, requestId, text).toString('base64url')}`;
}

/** What a receipt for a request says; undefined when it is none of that request. */
export function readReceipt(keys: AdmissionKeys, requestId: RequestId, receipt: string): HoldReceipt | undefined {
  const [, nanoUsd, epoch, blocks, mac] = TEXT.exec(receipt) ?? [];
  if (nanoUsd === undefined || epoch === undefined || blocks === undefined || mac === undefined) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const text = `${nanoUsd}.${epoch}.${blocks}`;
  const isGood = keys.some(({ key }) => timingSafeEqual(given, digestOf(key, requestId, text)));
  return isGood ? { requestId, nanoUsd: BigInt(nanoUsd), epoch: BigInt(epoch), blocks: blocks.split('_') } : undefined;
}

/** Neither a ticket nor a seal is of this form, so that none is taken for another. */
function digestOf(key: KeyObject, requestId: RequestId, text: string): Buffer {
  return createHmac('sha256', key).update(`hold ${requestId.toLowerCase()} ${text}`).digest();
}
