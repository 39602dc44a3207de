/**
 * What Postgres says of itself and not of what it was given (SQLSTATE classes): connections, rolled back transactions,
 * resources, locks, an operator's hand, its own faults; and of this release, which does not fit its schema or its rights.
 */
const notOfTheWords = /^(08|25|28|3D|3F|40|42|53|55|57|58|F0|XX)/;
const sqlState = /^[0-9A-Z]{5}$/;

/**
 * Whether a commit failed for a word in it, so that it would fail at any time. A connection that breaks and a time-out
 * say nothing of the words.
 */
export function isPoison(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return sqlState.test(code) && !notOfTheWords.test(code);
}
