import { ChannelError } from './channel-error.ts';

const MAGIC = Buffer.from('ORGN');
const FIXED_BYTES = MAGIC.length + 11;
const MAX_NAME_BYTES = 64;

/** What one side says of itself before anything else. */
export interface Greeting {
  /** Versions it speaks, all from the oldest to the newest. */
  oldest: number;
  newest: number;
  /** Bytes of each body (a router) or each answer (a gateway) that may be sent to it before it gives credit. */
  credit: number;
  /** Requests of this connection that it takes at once; a gateway takes none. */
  requests: number;
  /** Which process it is, for logs. Who it is says its certificate. */
  name: string;
}

/** Versions that this release speaks. */
export const versions = { oldest: 1, newest: 1 } as const;

export function writeGreeting({ oldest, newest, credit, requests, name }: Greeting): Buffer {
  const fixed = Buffer.alloc(FIXED_BYTES);
  MAGIC.copy(fixed);
  fixed.writeUInt8(oldest, 4);
  fixed.writeUInt8(newest, 5);
  fixed.writeUInt32BE(credit, 6);
  fixed.writeUInt32BE(requests, 10);
  const said = Buffer.from(name).subarray(0, MAX_NAME_BYTES);
  fixed.writeUInt8(said.length, 14);
  return Buffer.concat([fixed, said]);
}

/** What newer versions add stands behind the name, and is not there for us. @throws ChannelError `malformed` */
export function readGreeting(payload: Buffer): Greeting {
  if (payload.length < FIXED_BYTES || !payload.subarray(0, 4).equals(MAGIC)) {
    throw new ChannelError('malformed', 'This is no greeting of the channel.');
  }
  const end = FIXED_BYTES + payload.readUInt8(14);
  if (payload.length < end) throw new ChannelError('malformed', 'A greeting breaks off.');
  const [oldest, newest] = [payload.readUInt8(4), payload.readUInt8(5)];
  if (oldest > newest) throw new ChannelError('malformed', 'A greeting has its oldest version above its newest.');
  return {
    oldest,
    newest,
    credit: payload.readUInt32BE(6),
    requests: payload.readUInt32BE(10),
    name: payload.toString('utf8', FIXED_BYTES, end),
  };
}

/**
 * The newest version that both speak.
 * @throws ChannelError `version`, in words, when there is none
 */
export function agree(own: Pick<Greeting, 'oldest' | 'newest'>, other: Greeting): number {
  const version = Math.min(own.newest, other.newest);
  if (version >= own.oldest && version >= other.oldest) return version;
  const words = `This side speaks versions ${own.oldest} to ${own.newest}, the other ${other.oldest} to ${other.newest}.`;
  throw new ChannelError('version', words);
}
