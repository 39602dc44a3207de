/** A file that cannot be restored from. The message says why and what to do; it quotes nothing of the file. */
export class DumpError extends Error {
  constructor(
    /** `dump_damaged`: it is not, or no longer, what was written. `dump_newer`: this release does not know what is in it. */
    readonly code: 'dump_damaged' | 'dump_newer',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DumpError';
  }
}
