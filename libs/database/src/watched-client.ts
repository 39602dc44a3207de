import { Client, type ClientConfig } from 'pg';

/** What pg rejects with when a server has not answered in time; it has no code and no class. */
const TIMED_OUT = 'Query read timeout';

type Ask = (...given: unknown[]) => unknown;

/**
 * A connection that is given up once the server has not answered in time. pg alone fails the question and keeps the
 * connection, in which the answer may still come, or nothing ever: whoever took it from the pool next would wait too.
 */
export class WatchedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const ask = this.query.bind(this) as Ask;
    const watched: Ask = (...given) => {
      const answer = ask(...given);
      if (answer instanceof Promise) answer.catch((error: unknown) => this.#giveUpWhenSilent(error));
      return answer;
    };
    this.query = watched as unknown as Client['query'];
  }

  #giveUpWhenSilent(error: unknown): void {
    if (!(error instanceof Error) || error.message !== TIMED_OUT) return;
    // Destroys the socket, since a question is open on it; the pool makes another connection in its place.
    this.end().catch(() => undefined);
  }
}
