/** Why a connection of the channel ended, or a request did not get through. The numbers are spoken on the wire. */
export const endings = {
  /** Either side is done. */
  done: 0,
  /** A frame that cannot be read. */
  malformed: 1,
  /** A frame, or a number of something, above what was agreed. */
  too_large: 2,
  /** A frame type that does not exist. */
  unknown_frame: 3,
  /** A frame that cannot come there: of a request that was never made, of the other side, twice. */
  out_of_order: 4,
  /** Bytes without credit, or more credit than there can be. */
  credit: 5,
  /** No version that both speak. */
  version: 6,
  /** Nothing was heard, not even a heartbeat. */
  silent: 7,
  /** The other side asks and does not read. */
  unread: 8,
  /** The connection broke. Never spoken. */
  lost: 9,
} as const;

export type Ending = keyof typeof endings;

const names = new Map(Object.entries(endings).map(([name, number]) => [number as number, name as Ending]));

/** The channel's one error. Its message speaks of the channel alone, never of what was carried. */
export class ChannelError extends Error {
  constructor(
    readonly code: Ending,
    message: string,
  ) {
    super(message);
    this.name = 'ChannelError';
  }
}

/** @param number as it was spoken; one that is not known means that the other side is newer */
export function endingOf(number: number): Ending {
  return names.get(number) ?? 'done';
}
