/** Evidence that is not what it should be. Whatever is fed to this library, this is the only thing that it throws. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** What `read` answers, with whatever it throws made {@link Malformed}: others' parsers throw as they like. */
export function orMalformed<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Malformed ? error : new Malformed(what);
  }
}
