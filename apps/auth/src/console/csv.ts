/** What stands in a cell. A `number` is decimal digits that no JavaScript number may hold exactly. */
export type Cell = string | number | boolean | null | { readonly number: string };

/** A line of CSV (RFC 4180). */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

/**
 * One cell. A spreadsheet takes what begins with `= + - @`, or a tab or line break before such a sign, for a formula: an
 * apostrophe makes it text.
 */
export function toCell(value: Cell): string {
  if (typeof value === 'object' && value !== null) return value.number;
  const text = value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
