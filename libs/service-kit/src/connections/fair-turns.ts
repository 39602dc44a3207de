import type { Socket } from 'node:net';

/** New connections that are heard in one turn of the event loop; requests on open ones come between two turns. */
const PER_TURN = 4;
/** The longest rest between two turns, in milliseconds: an event loop that was held up once is not held against those who wait. */
const LONGEST_REST_MS = 20;

/**
 * Lets new connections speak a few at a time, one network after the other. However many of them one network opens at
 * once, the first words of another network wait for no more than one turn. While some wait, the event loop rests from new
 * ones for as long as the last few took it, so that requests on open connections have half of it whatever comes.
 */
export class FairTurns {
  /** Networks in the order of their turns, each with its connections. */
  readonly #waiting = new Map<string, Socket[]>();
  #left = PER_TURN;
  #isTurnDue = false;
  #turnedAt = 0;

  /** The connection may speak now, or is heard later. */
  admit(socket: Socket, network: string): void {
    this.#awaitTurn();
    if (this.#left > 0) this.#left -= 1;
    else {
      socket.pause();
      const ofNetwork = this.#waiting.get(network) ?? [];
      this.#waiting.set(network, ofNetwork);
      ofNetwork.push(socket);
    }
  }

  #awaitTurn(): void {
    if (this.#isTurnDue) return;
    this.#isTurnDue = true;
    this.#turnedAt = performance.now();
    setImmediate(() => this.#rest());
  }

  /** What the last ones began has had its turn of the event loop by now. */
  #rest(): void {
    if (this.#waiting.size === 0) this.#turn();
    else setTimeout(() => this.#turn(), Math.min(performance.now() - this.#turnedAt, LONGEST_REST_MS));
  }

  #turn(): void {
    this.#isTurnDue = false;
    this.#left = PER_TURN;
    while (this.#left > 0 && this.#waiting.size > 0) this.#hearNext();
    if (this.#waiting.size > 0) this.#awaitTurn();
  }

  #hearNext(): void {
    for (const [network, sockets] of this.#waiting) {
      const socket = sockets.shift();
      // To the end of the line, when there are more.
      this.#waiting.delete(network);
      if (sockets.length > 0) this.#waiting.set(network, sockets);
      if (!socket || socket.destroyed) return;
      this.#left -= 1;
      socket.resume();
      return;
    }
  }
}
