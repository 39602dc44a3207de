import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const gzipped = promisify(gzip);

/** A long text as the bus carries it: gzip, in base64. */
export async function gzipText(text: string): Promise<string> {
  return (await gzipped(text)).toString('base64');
}
