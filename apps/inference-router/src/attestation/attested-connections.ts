import type { AttestedSession } from './attested-session.ts';
import { PinnedPool, type ConnectionSettings, type SingleConnection } from './pinned-connections.client.ts';

/** Most connections to one endpoint that were attested each on itself. */
export const MOST_ATTESTED = 16;

export interface Attested {
  readonly connection: SingleConnection;
  readonly session: AttestedSession;
}

export interface AttestedConnectionsSettings extends ConnectionSettings {
  origin: string;
  /** A new connection ended in another key than was attested. */
  onOtherKey: () => void;
}

/** The connections to one enclave's key: those that were attested themselves, and any number of others that end in the key. */
export class AttestedConnections {
  #attested: Attested[] = [];
  readonly #pool: PinnedPool;

  constructor(
    readonly spkiSha256: string,
    settings: AttestedConnectionsSettings,
  ) {
    this.#pool = new PinnedPool(settings.origin, spkiSha256, settings);
  }

  get pool(): PinnedPool {
    return this.#pool;
  }

  get hasRoom(): boolean {
    this.#tidy();
    return this.#attested.length < MOST_ATTESTED;
  }

  /** A connection over which its own attestation came. */
  add(connection: SingleConnection, session: AttestedSession): void {
    this.#attested.unshift({ connection, session });
    this.#tidy();
  }

  /** Takes one that can carry a request at once, with the session that was established over it. */
  take(): Attested | undefined {
    this.#tidy();
    return this.#attested.find(({ connection }) => connection.take());
  }

  /** Nothing new is sent; what is under way comes to its end. */
  close(): void {
    for (const { connection } of this.#attested) void connection.close().catch(() => undefined);
    this.#attested = [];
    void this.#pool.close().catch(() => undefined);
  }

  /** Lets go of those that have ended, that prove too little by now, or that are too many. */
  #tidy(): void {
    const now = Date.now();
    const kept = this.#attested.filter(({ connection, session }) => connection.isAlive && session.expiresAt > now);
    const [stay, surplus] = [kept.slice(0, MOST_ATTESTED), kept.slice(MOST_ATTESTED)];
    const old = this.#attested.filter((one) => !kept.includes(one));
    for (const { connection } of [...old, ...surplus]) void connection.close().catch(() => undefined);
    this.#attested = stay;
  }
}
