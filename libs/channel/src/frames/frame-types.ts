/** Who may send a frame: gateways ask, routers answer. */
export type Side = 'gateway' | 'router';

export interface FrameType {
  code: number;
  from: Side | 'both';
  /** Whether it belongs to one request, or to the connection (its request number is 0 then). */
  of: 'request' | 'connection';
  /** What it carries. Numbers are unsigned and big-endian. */
  payload: string;
  meaning: string;
}

/** Every frame that exists. docs/channel.md shows this table. */
export const frameTypes = {
  greeting: {
    code: 1,
    from: 'both',
    of: 'connection',
    payload: '`ORGN`, oldest and newest version (u8 each), credit, requests (u32 each), name (u8 length, UTF-8)',
    meaning: 'The first frame of each side: what it speaks, what it takes, who it says it is.',
  },
  request: {
    code: 2,
    from: 'gateway',
    of: 'request',
    payload: 'length of the body (u32), path (u16 length, ASCII), headers',
    meaning: 'A request. Its number is above those of all earlier ones.',
  },
  body: {
    code: 3,
    from: 'gateway',
    of: 'request',
    payload: 'bytes, at least one',
    meaning: 'The next bytes of a body.',
  },
  answer: { code: 4, from: 'router', of: 'request', payload: 'status (u16), headers', meaning: 'An answer begins.' },
  data: {
    code: 5,
    from: 'router',
    of: 'request',
    payload: 'bytes, at least one',
    meaning: 'The next bytes of an answer.',
  },
  end: {
    code: 6,
    from: 'router',
    of: 'request',
    payload: 'headers, as trailers',
    meaning: 'The answer is whole; nothing more comes of this request.',
  },
  credit: {
    code: 7,
    from: 'both',
    of: 'request',
    payload: 'bytes (u32)',
    meaning: 'So many more bytes of the body, or of the answer, may be sent.',
  },
  cancel: {
    code: 8,
    from: 'both',
    of: 'request',
    payload: 'none',
    meaning: 'The sender gives the request up. A router answers a cancel by a cancel, unless the request has ended.',
  },
  refused: {
    code: 9,
    from: 'router',
    of: 'request',
    payload: 'none',
    meaning: 'The router has not looked at the request, and never will: another one may be asked.',
  },
  heartbeat: {
    code: 10,
    from: 'both',
    of: 'connection',
    payload: 'none',
    meaning: 'There was nothing to send for half a second.',
  },
  drain: {
    code: 11,
    from: 'router',
    of: 'connection',
    payload: 'none',
    meaning: 'Requests that come from now on are refused.',
  },
  close: {
    code: 12,
    from: 'both',
    of: 'connection',
    payload: 'reason (u8), words (UTF-8)',
    meaning: 'The last frame of its sender.',
  },
} as const satisfies Record<string, FrameType>;

export type FrameName = keyof typeof frameTypes;

/** Bytes before each payload: its length (u24), the type (u8), the request's number (u32). */
export const FRAME_HEAD_BYTES = 8;
/** Largest payload: a head with a ticket that lists 256 models of 128 characters fits. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;

/** A type by its name, and what a reader asks of it. */
export interface NamedFrameType extends FrameType {
  name: FrameName;
}

const byCode: (NamedFrameType | undefined)[] = [];
for (const name of Object.keys(frameTypes) as FrameName[])
  byCode[frameTypes[name].code] = { ...frameTypes[name], name };

export function frameTypeOf(code: number): NamedFrameType | undefined {
  return byCode[code];
}
