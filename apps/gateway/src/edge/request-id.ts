import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const ID_BYTES = 16;
const pool = new Uint8Array(256 * ID_BYTES);
let used = pool.length;

/** A new request id. Random bytes come from a pool, because each request of a few costs more than all the rest of an id. */
export function newRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  // A copy: the id's own time and version are written into these bytes.
  return v7({ random: pool.slice(used, (used += ID_BYTES)) });
}
