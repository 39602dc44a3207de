/** How long a service's role waits, in milliseconds. Its sessions say so at login; the migrate job says so for the role. */
export const bounds = {
  /** A statement ends after this long. */
  statementTimeoutMs: 10_000,
  /** Nobody waits longer for a lock. */
  lockTimeoutMs: 5_000,
  /** A transaction in which nothing is asked any more ends: what it has locked is free again. Work waits for the bus in there. */
  idleInTransactionTimeoutMs: 20_000,
  /** The server looks this often whether the asker of a long statement is still there. */
  connectionCheckMs: 5_000,
} as const;

/** The server ends a statement itself; one that is still open this much later has lost its server. */
export const SILENCE_MS = 2_000;

/** Connections of one process. */
export const POOL_SIZE = 8;

/** Half of the pool: what waits for a lock or for another service must never leave quick work without a connection. */
export const PATIENT_WORKS = POOL_SIZE / 2;
