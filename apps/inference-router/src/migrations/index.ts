import { KeepReceipts1796800000000 } from './1796800000000-keep-receipts.ts';
import { PackReceipts1798000000000 } from './1798000000000-pack-receipts.ts';
import { KeepComposeFiles1798100000000 } from './1798100000000-keep-compose-files.ts';

/** Every change of the schema `inference_router`, oldest first. */
export const migrations = [KeepReceipts1796800000000, PackReceipts1798000000000, KeepComposeFiles1798100000000];

export { shape } from './shape.ts';
