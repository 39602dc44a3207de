import type { Socket } from 'node:net';
import { ChannelError, endingOf, endings } from '../frames/channel-error.ts';
import { FrameReader } from '../frames/frame-reader.ts';
import type { FrameName, Side } from '../frames/frame-types.ts';
import { agree, readGreeting, writeGreeting, type Greeting } from '../frames/greeting.ts';
import { Outbox } from './outbox.ts';
import { Pulse } from './pulse.ts';

/** What was agreed on. */
export interface Agreement {
  version: number;
  other: Greeting;
}

/** The two ends of a connection are told apart by what they make of frames. */
export interface LinkUser {
  greeted(agreement: Agreement): void;
  /** @throws ChannelError when the frame cannot come there */
  taken(name: FrameName, request: number, payload: Buffer): void;
  /** Called once, last. */
  closed(error: ChannelError): void;
}

/** Of a connection, in milliseconds; what is absent is as usual. */
export interface LinkTimes {
  /** How often a heartbeat is due. */
  beatMs?: number | undefined;
  /** For how long after a write others are gathered for the next one. */
  gatherMs?: number | undefined;
}

export interface LinkSettings {
  side: Side;
  greeting: Greeting;
  times: LinkTimes;
}

/** How long the last frame may take to leave. */
const FAREWELL_MS = 1_000;
/** Frames without credit, of answers to what the other side asked and does not take. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;
const MAX_WORDS = 256;

/** A connection from its greeting to its end: frames in, frames out, and a pulse. */
export class Link {
  readonly outbox: Outbox;
  readonly #reader: FrameReader;
  readonly #pulse: Pulse;
  #isGreeted = false;
  #isClosed = false;
  #hasHeard = false;

  /** @param socket that is connected, and whose other end is who it should be */
  constructor(
    private readonly socket: Socket,
    private readonly settings: LinkSettings,
    private readonly user: LinkUser,
  ) {
    const { side, greeting, times } = settings;
    this.outbox = new Outbox(socket, times.gatherMs);
    this.#reader = new FrameReader(side === 'gateway' ? 'router' : 'gateway', (...frame) => this.#take(...frame));
    this.#pulse = new Pulse(this.#signs(), times.beatMs);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', () => this.#end(new ChannelError('lost', 'The connection broke.')));
    socket.on('end', () => this.#end(new ChannelError('lost', 'The other side hung up.')));
    socket.on('close', () => this.#end(new ChannelError('lost', 'The connection broke.')));
    this.outbox.push('greeting', 0, writeGreeting(greeting));
  }

  /** Greeted, not closed, and heard lately. */
  get isFirm(): boolean {
    return this.#isGreeted && !this.#isClosed && this.#pulse.isFirm;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends a frame that no credit bounds. */
  send(name: FrameName, request: number, payload?: Buffer): void {
    if (this.#isClosed) return;
    this.outbox.push(name, request, payload);
    if (this.outbox.waitingBytes > MAX_UNREAD_BYTES) this.close(new ChannelError('unread', 'Nobody reads this.'));
  }

  /** Ends the connection, and says why. */
  close(error: ChannelError): void {
    if (this.#isClosed) return;
    const words = Buffer.from(error.message).subarray(0, MAX_WORDS);
    this.outbox.push('close', 0, Buffer.concat([Buffer.from([endings[error.code]]), words]));
    this.#end(error);
  }

  #end(error: ChannelError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#pulse.stop();
    this.outbox.close();
    this.socket.end();
    setTimeout(() => this.socket.destroy(), FAREWELL_MS).unref();
    this.user.closed(error);
  }

  #read(chunk: Buffer): void {
    this.#hasHeard = true;
    if (this.#isClosed) return;
    try {
      this.#reader.read(chunk);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.close(error);
    }
  }

  #take(name: FrameName, request: number, payload: Buffer): void {
    if (this.#isClosed) return;
    if (name === 'close') return this.#hearClose(payload);
    if (!this.#isGreeted) return this.#greet(name, payload);
    if (name === 'greeting') throw new ChannelError('out_of_order', 'One greeting is enough.');
    if (name !== 'heartbeat') this.user.taken(name, request, payload);
  }

  #greet(name: FrameName, payload: Buffer): void {
    if (name !== 'greeting') throw new ChannelError('out_of_order', 'The first frame must be a greeting.');
    const other = readGreeting(payload);
    const version = agree(this.settings.greeting, other);
    this.#isGreeted = true;
    this.user.greeted({ version, other });
  }

  #hearClose(payload: Buffer): void {
    const reason = payload.length > 0 ? endingOf(payload.readUInt8(0)) : 'done';
    this.#end(new ChannelError(reason, `The other side closed: ${payload.toString('utf8', 1, 1 + MAX_WORDS)}`));
  }

  #signs() {
    return {
      wasHeard: () => {
        const hasHeard = this.#hasHeard;
        this.#hasHeard = false;
        return hasHeard;
      },
      hasSpoken: () => {
        const { hasWritten } = this.outbox;
        this.outbox.hasWritten = false;
        return hasWritten;
      },
      beat: () => this.outbox.push('heartbeat', 0),
      silent: () => this.close(new ChannelError('silent', 'Nothing was heard for too long.')),
    };
  }
}
