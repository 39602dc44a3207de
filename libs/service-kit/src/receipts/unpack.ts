import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

const MOST_BYTES = 32 * 1024 * 1024;
const gunzipped = promisify(gunzip);

/** What came over the bus compressed, in base64. @throws Error for anything else */
export function unpack(base64: string): Promise<Buffer> {
  return gunzipped(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_BYTES });
}
