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

/**
 * What the server's side of a connection does about a client that has gone without a word, or whose network swallows what is sent:
 * after half a minute without a sign of life it asks three times, in seconds, and waits as long for what it has sent, in
 * milliseconds. By default sessions of a host that lost power stay for two hours, and count among those of their role.
 */
const lifeSigns = {
  tcp_keepalives_idle: 30,
  tcp_keepalives_interval: 10,
  tcp_keepalives_count: 3,
  tcp_user_timeout: 60_000,
};

/**
 * The same as a session asks for it when it begins. Statements are short: compiling one costs more than it can save, and makes the
 * first of a report's take ten times as long.
 */
export const SESSION_OPTIONS = Object.entries({ ...lifeSigns, jit: 'off' })
  .map(([name, value]) => `-c ${name}=${value}`)
  .join(' ');

/** The server ends a statement itself; one that is still open this much later has lost its server. */
export const SILENCE_MS = 2_000;

/** Connections of one process. */
export const POOL_SIZE = 8;

/** Half of the pool: what waits for a lock or for another service must never leave quick work without a connection. */
export const PATIENT_WORKS = POOL_SIZE / 2;
