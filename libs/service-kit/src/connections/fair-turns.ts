import type { Socket } from 'node:net';

/** New connections that are heard in one turn of the event loop; requests on open ones come between two turns. */
const PER_TURN = 4;

/**
 * Lets new connections speak a few at a time, one network after the other. However many of them one network opens at
 * once, the first words of another network wait for no more than one turn, and so do the requests under way.
 */
export class FairTurns {
  /** Networks in the order of their turns, each with its connections. */
  readonly #waiting = new Map<string, Socket[]>();
  #left = PER_TURN;
  #isTurnDue = false;

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
    setImmediate(() => this.#turn());
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
