import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { onRequestStart } from '../connections/request-starts.ts';

/** How long a connection may go on with a head that it has begun, once the server closes. */
const HEAD_MS = 1_000;

interface Connection {
  answers: Set<ServerResponse>;
  /** What it had sent when it was opened, or when its last answer had ended: whatever came since belongs to a head. */
  settledBytes: number;
}

/**
 * Lets an HTTP server end as soon as its last answer has. Node closes what is idle at the moment of `close()` and waits for the
 * rest: a connection whose answer ends later stays until its other end lets go, which pools do after minutes; and an answer
 * that was ended but not yet taken counts as idle and is cut.
 */
export class ServerDrain {
  readonly #connections = new Map<Socket, Connection>();
  /** Connections before their TLS handshake is over, by the address and port of the other end. */
  readonly #shaking = new Map<string, Socket>();
  #isLeaving = false;
  #isClosing = false;

  /** To be called before the server listens. */
  constructor(server: Server) {
    const isTls = 'setSecureContext' in server;
    if (isTls) server.on('connection', (socket: Socket) => this.#shake(socket));
    server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => this.#meet(socket));
    onRequestStart(server, ({ response, socket }) => this.#begin(response, socket));
    // Whoever closes the server calls this, Node's own `close` too.
    server.closeIdleConnections = () => this.#closeIdle();
  }

  /** Requests whose answers have not ended. */
  get answering(): number {
    return [...this.#connections.values()].reduce((sum, { answers }) => sum + answers.size, 0);
  }

  /** Goes on serving, and has each answer end its connection: whoever has more to ask connects anew, elsewhere. */
  leave(): void {
    this.#isLeaving = true;
    for (const { answers } of this.#connections.values()) for (const answer of answers) endsConnection(answer);
  }

  #shake(socket: Socket): void {
    const key = keyOf(socket);
    this.#shaking.set(key, socket);
    socket.once('close', () => {
      if (this.#shaking.get(key) === socket) this.#shaking.delete(key);
    });
  }

  #meet(socket: Socket): void {
    this.#shaking.delete(keyOf(socket));
    this.#connections.set(socket, { answers: new Set(), settledBytes: socket.bytesRead });
    socket.once('close', () => this.#connections.delete(socket));
  }

  #begin(response: ServerResponse, socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (!connection) return;
    connection.answers.add(response);
    if (this.#isLeaving) endsConnection(response);
    response.once('close', () => {
      connection.answers.delete(response);
      connection.settledBytes = socket.bytesRead;
      if (this.#isClosing && connection.answers.size === 0) socket.destroySoon();
    });
  }

  #closeIdle(): void {
    this.#isClosing = true;
    this.leave();
    for (const socket of this.#shaking.values()) socket.destroy();
    for (const [socket, { answers, settledBytes }] of this.#connections) {
      if (answers.size === 0 && socket.bytesRead === settledBytes) socket.destroySoon();
    }
    setTimeout(() => this.#closeSlow(), HEAD_MS).unref();
  }

  #closeSlow(): void {
    for (const [socket, { answers }] of this.#connections) if (answers.size === 0) socket.destroy();
  }
}

/** Node says `connection: close` then, and closes it behind the answer's last byte. */
function endsConnection(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false;
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
