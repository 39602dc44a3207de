import { KeepReceipts1796800000000 } from './1796800000000-keep-receipts.ts';
import { PackReceipts1798000000000 } from './1798000000000-pack-receipts.ts';

/** Every change of the schema `inference_router`, oldest first. */
export const migrations = [KeepReceipts1796800000000, PackReceipts1798000000000];

export { shape } from './shape.ts';
