import { closeSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';

/** A log that has grown beyond this is set aside as `<name>.1` when its process is started next. */
const rotateAtBytes = 10 * 1024 * 1024;
const tailBytes = 16 * 1024;

/** Opens a log for appending, readable by its owner only. The caller closes the descriptor. */
export function openLog(file) {
  if (statSync(file, { throwIfNoEntry: false })?.size > rotateAtBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** Size now: where the lines of the next process will begin. */
export function logLength(file) {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines of a log, none from before byte `from`. */
export function tailOf(file, { lines = 15, from = 0 } = {}) {
  let fd;
  try {
    fd = openSync(file, 'r');
    const { size } = fstatSync(fd);
    const start = Math.max(Math.min(from, size), size - tailBytes);
    const buffer = Buffer.alloc(size - start);
    readSync(fd, buffer, 0, buffer.length, start);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-lines).filter(Boolean);
  } catch {
    return [];
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
