import { statSync } from 'node:fs';

/** Changes whenever a file is written or another takes its place; empty while there is none. */
export function fileStamp(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs}/${stats.size}/${stats.ino}` : '';
}
