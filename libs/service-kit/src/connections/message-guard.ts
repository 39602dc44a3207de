import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ParserEvents } from './parser-events.ts';
import { onRequestStart, type RequestStart } from './request-starts.ts';

/** Requests of one connection that wait for their answers, or were answered in this turn of the event loop. */
const MOST_AHEAD = 32;
/** Pieces that any body may come in. */
const MOST_PIECES = 2_048;
/** Beyond those, its pieces are that long on average, in bytes. */
const LEAST_PIECE = 128;

/** Why a connection was ended. */
export type Excess = 'pipelined' | 'pieces';

interface Connection {
  parser: ParserEvents | undefined;
  ahead: number;
}

/**
 * Bounds what the messages of a connection cost beside their bytes: how many requests it sends ahead of their answers, and
 * into how many pieces it cuts a body. Either would hold the event loop for seconds, whoever sends it and wherever to, since
 * what a turn reads of a connection is parsed to its end. A connection that exceeds them ends.
 */
export class MessageGuard {
  readonly #connections = new WeakMap<Socket, Connection>();

  /** @param exceeded hears of each connection before it ends */
  constructor(
    private readonly server: Server,
    private readonly exceeded: (excess: Excess) => void,
  ) {}

  /** To be called before the server listens. */
  stand(): void {
    onRequestStart(this.server, (start) => this.#begin(start));
  }

  #begin({ request, response, socket }: RequestStart): void {
    const connection = this.#connections.get(socket) ?? this.#meet(socket);
    connection.ahead += 1;
    response.once('close', () => setImmediate(() => (connection.ahead -= 1)));
    connection.parser?.restore();
    if (connection.ahead > MOST_AHEAD) {
      this.#end(connection, 'pipelined');
      socket.destroy();
    } else if (request.headers['transfer-encoding'] !== undefined) this.#countPieces(connection, socket);
  }

  #meet(socket: Socket): Connection {
    const connection = { parser: ParserEvents.of(socket), ahead: 0 };
    this.#connections.set(socket, connection);
    // Before Node takes the parser for another connection.
    socket.prependOnceListener('close', () => connection.parser?.restore());
    return connection;
  }

  #countPieces(connection: Connection, socket: Socket): void {
    let pieces = 0;
    let bytes = 0;
    connection.parser?.beforeBody((piece) => {
      pieces += 1;
      bytes += piece.length;
      if (pieces <= MOST_PIECES + bytes / LEAST_PIECE) return;
      this.#end(connection, 'pieces');
      const error = Object.assign(new Error('a body in too many pieces'), { code: 'ERR_BODY_IN_PIECES' });
      this.server.emit('clientError', error, socket);
      socket.destroySoon();
    });
  }

  #end({ parser }: Connection, excess: Excess): void {
    parser?.silence();
    this.exceeded(excess);
  }
}
