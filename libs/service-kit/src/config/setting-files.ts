import { closeSync, openSync, readSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** The longest text that a setting's file may hold, in bytes: keys and URLs are short, and a wrong path may be endless. */
const MAX_BYTES = 1024 * 1024;
const SUFFIX = '_FILE';

/** By setting: what its file says, or what is wrong with it, in a sentence with variable names and never with a value. */
export interface SettingFiles {
  values: Record<string, string>;
  faults: Record<string, string>;
}

/**
 * Reads the settings that come as files: `NAME_FILE` is the path of a file that holds NAME, as docker and Kubernetes hand
 * out secrets. One line break at the end belongs to the file, not to the value.
 * @param names all settings there are: one whose own name ends in `_FILE` is a setting and names no other's file
 */
export function readSettingFiles(names: readonly string[], environment: Environment): SettingFiles {
  const found: SettingFiles = { values: {}, faults: {} };
  for (const name of names) {
    const path = environment[name + SUFFIX];
    if (!path || names.includes(name + SUFFIX)) continue;
    if (environment[name]) found.faults[name] = `${name} and ${name + SUFFIX} are both set; set one of them`;
    else readInto(found, name, path);
  }
  return found;
}

function readInto(found: SettingFiles, name: string, path: string): void {
  try {
    found.values[name] = readBounded(path).replace(/\r?\n$/, '');
  } catch (error) {
    const { code = 'its text is too long' } = error as { code?: string };
    found.faults[name] = `${name + SUFFIX} names a file that cannot be read (${code})`;
  }
}

/** Reads what is there, without asking first how much that is: a pipe has no size. */
function readBounded(path: string): string {
  const file = openSync(path, 'r');
  try {
    const text = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let count = 1; count > 0 && length < text.length; length += count) {
      count = readSync(file, text, length, text.length - length, null);
    }
    if (length > MAX_BYTES) throw new Error('too long');
    return text.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
