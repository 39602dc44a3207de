import { open } from 'node:fs/promises';
import { BLOCK, parseHeader } from './tar.ts';

/** The first file in a dump; it says to people what they have before them. */
export const LABEL = 'orgn-backup';
export const LABEL_TEXT =
  'A backup of ORGN Gateway. `npm run -s restore -- --from FILE` reads it; the rows are gzipped, in the text format of COPY.\n';

/** Whether a file begins as dumps do; it may be damaged, or of another release. */
export async function isDump(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(BLOCK), position: 0 });
    return bytesRead === BLOCK && parseHeader(buffer)?.name === LABEL;
  } finally {
    await file.close();
  }
}
