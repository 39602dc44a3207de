import { ChannelError } from '../frames/channel-error.ts';

/** More of it at once is a fault: no counter on either side comes near what a number can hold. */
const MAX_CREDIT = 0x7fff_ffff;

/** Bytes that may still be sent. */
export class Credit {
  constructor(private left: number) {}

  get bytes(): number {
    return this.left;
  }

  /** @throws ChannelError `credit` when it becomes more than there can be, or nothing was given */
  grant(bytes: number): void {
    if (bytes === 0 || this.left + bytes > MAX_CREDIT) throw new ChannelError('credit', 'Such a credit cannot be.');
    this.left += bytes;
  }

  /** @throws ChannelError `credit` when there is not so much left */
  use(bytes: number): void {
    if (bytes > this.left) throw new ChannelError('credit', 'Bytes came for which there was no credit.');
    this.left -= bytes;
  }
}

/** @throws ChannelError `malformed` */
export function readCredit(payload: Buffer): number {
  if (payload.length !== 4) throw new ChannelError('malformed', 'A credit is four bytes.');
  return payload.readUInt32BE(0);
}

export function writeCredit(bytes: number): Buffer {
  const payload = Buffer.allocUnsafe(4);
  payload.writeUInt32BE(bytes);
  return payload;
}
