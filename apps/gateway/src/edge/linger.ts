import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { networkOf, RecentMap, toClientAddress } from '@orgn/service-kit';
import { TokenBucket } from '../authentication/token-bucket.ts';

/** A caller that sends nothing for so long is not waited for. */
const QUIET_MS = 2_000;
/** Nor is one that has been sending for so long. */
const LONGEST_MS = 30_000;
const LOOK_MS = 250;
/** Connections that are waited for: beyond that the oldest one goes. */
const MAX_WAITING = 512;
const MAX_WAITING_PER_NETWORK = 64;
/** Bytes that are read and thrown away for one network: four largest bodies at once, then four MiB a second. */
const NETWORK_BYTES = { burst: 128 * 1024 * 1024, refillMs: 1 / (4 * 1024) };
/** The same for all of them together. */
const ALL_BYTES = { burst: 512 * 1024 * 1024, refillMs: 1 / (16 * 1024) };
const MAX_NETWORKS = 2_000;

interface Waiting {
  request: IncomingMessage;
  socket: Socket;
  network: string;
  since: number;
  /** Of the last byte that was read. */
  heardAt: number;
}

/**
 * Gives the memory of bytes back at once. Left to the garbage collector, the first 64 KiB of every stranger would have it run
 * all the time. Node's parser makes each chunk in memory of its own; what shares it is left alone.
 */
function giveBack({ buffer, byteLength }: Buffer): void {
  if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/**
 * Waits for callers that were answered before they had sent everything. Closing at once would reset the connection, and
 * the answer would be lost with it: most clients read an answer while they send, some only when they have sent it all. So
 * what still arrives is read and thrown away, within bounds; beyond those the connection just stays open for a moment.
 */
@Injectable()
export class Linger implements OnApplicationShutdown {
  readonly #waiting = new Map<Socket, Waiting>();
  readonly #byNetwork = new Map<string, Set<Waiting>>();
  readonly #bytes = new TokenBucket(ALL_BYTES, performance.now());
  readonly #networkBytes = new RecentMap<string, TokenBucket>(MAX_NETWORKS);
  #timer: NodeJS.Timeout | undefined;

  /** @param ip as the request's client address is known */
  over(request: IncomingMessage, ip: string): void {
    const { socket } = request;
    if (request.complete || socket.destroyed || this.#waiting.has(socket)) return;
    const now = performance.now();
    const waiting = { request, socket, network: networkOf(toClientAddress(ip)), since: now, heardAt: now };
    this.#add(waiting);
    // Before Node makes an error of it for each request that breaks off, with a stack trace.
    socket.prependOnceListener('close', () => {
      request.destroy();
      this.#remove(waiting);
    });
    request.once('end', () => this.#finish(waiting));
    request.on('data', (chunk: Buffer) => this.#throwAway(waiting, chunk));
    socket.resume();
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#waiting.values()) socket.destroy();
  }

  #throwAway(waiting: Waiting, chunk: Buffer): void {
    const now = performance.now();
    const bytes = chunk.length;
    giveBack(chunk);
    const network = this.#bytesOf(waiting.network, now);
    waiting.heardAt = now;
    this.#bytes.charge(bytes, now);
    network.charge(bytes, now);
    if (this.#bytes.tokens(now) > 0 && network.tokens(now) > 0) return;
    waiting.request.pause();
    waiting.socket.pause();
  }

  #add(waiting: Waiting): void {
    if ((this.#byNetwork.get(waiting.network)?.size ?? 0) >= MAX_WAITING_PER_NETWORK)
      this.#endFirst(this.#byNetwork.get(waiting.network) ?? []);
    if (this.#waiting.size >= MAX_WAITING) this.#endFirst(this.#waiting.values());
    this.#waiting.set(waiting.socket, waiting);
    const ofNetwork = this.#byNetwork.get(waiting.network) ?? new Set();
    this.#byNetwork.set(waiting.network, ofNetwork.add(waiting));
  }

  #endFirst(all: Iterable<Waiting>): void {
    for (const oldest of all) {
      this.#remove(oldest);
      oldest.socket.destroy();
      return;
    }
  }

  /** What has sent everything was waited for long enough: it closes, or goes on with another request. */
  #finish(waiting: Waiting): void {
    this.#remove(waiting);
    if (waiting.socket.writableEnded) waiting.socket.destroySoon();
  }

  #remove(waiting: Waiting): void {
    this.#waiting.delete(waiting.socket);
    const ofNetwork = this.#byNetwork.get(waiting.network);
    ofNetwork?.delete(waiting);
    if (ofNetwork?.size === 0) this.#byNetwork.delete(waiting.network);
  }

  #look(): void {
    const now = performance.now();
    for (const { socket, since, heardAt } of this.#waiting.values())
      if (now - heardAt > QUIET_MS || now - since > LONGEST_MS) socket.destroy();
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #bytesOf(network: string, now: number): TokenBucket {
    return this.#networkBytes.get(network) ?? this.#networkBytes.set(network, new TokenBucket(NETWORK_BYTES, now));
  }
}
