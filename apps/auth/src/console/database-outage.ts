/** Classes of SQLSTATE that say the server cannot serve now: connection failures, lack of resources, being stopped. */
const OUTAGE_STATES = /^(08|53|57P|25006)/;
const SOCKET_FAILURES = /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)$/;
/** What `pg` says without giving a code. */
const CONNECTION_LOST = /^(Connection terminated|timeout exceeded when trying to connect)/;

/** Whether an error says that the database cannot be reached or used now, rather than that a statement was wrong. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!Error.isError(error)) return false;
  const { code, driverError, errors } = error as { code?: unknown; driverError?: unknown; errors?: unknown };
  if (typeof code === 'string' && (OUTAGE_STATES.test(code) || SOCKET_FAILURES.test(code))) return true;
  if (CONNECTION_LOST.test(error.message)) return true;
  const parts = Array.isArray(errors) ? (errors as unknown[]) : [];
  return [driverError, error.cause, ...parts].some((part) => part !== error && isDatabaseOutage(part));
}
