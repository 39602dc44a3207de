/**
 * Makes a page of rows of which one more was read than is shown, to know whether there are more.
 * @param cursorOf what the next page is asked for with, of the last row that is shown
 */
export function toPage<T, V>(
  rows: readonly T[],
  limit: number,
  read: { view: (row: T) => V; cursorOf: (row: T) => string },
): { data: V[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(read.view),
    nextCursor: rows.length > limit && last !== undefined ? read.cursorOf(last) : null,
  };
}
