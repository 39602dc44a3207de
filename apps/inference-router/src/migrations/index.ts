import { KeepReceipts1796800000000 } from './1796800000000-keep-receipts.ts';

/** Every change of the schema `inference_router`, oldest first. */
export const migrations = [KeepReceipts1796800000000];

export { shape } from './shape.ts';
