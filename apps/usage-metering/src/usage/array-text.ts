/** What a column of a statement may hold. */
export type ColumnValue = string | number | boolean | Date | null;

/** Types whose values have no character that an array's text would read otherwise. */
const plainTypes = new Set(['uuid', 'bigint', 'smallint', 'boolean', 'timestamptz']);
const MEANS_MORE = /["\\]/g;

/**
 * A column of values as the text of a Postgres array. The driver makes the same of a list, value by value and several times slower.
 * @param type of its elements, as Postgres names it
 */
export function toArrayText(type: string, values: readonly ColumnValue[]): string {
  return `{${values.map(plainTypes.has(type) ? toPlain : toQuoted).join(',')}}`;
}

function toPlain(value: ColumnValue): string {
  if (value === null) return 'NULL';
  return value instanceof Date ? toTimestamp(value) : String(value);
}

function toQuoted(value: ColumnValue): string {
  return value === null ? 'NULL' : `"${String(value).replace(MEANS_MORE, '\\$&')}"`;
}

/** Years before the first one are counted otherwise, and those after 9999 have no sign, in Postgres. */
function toTimestamp(date: Date): string {
  const text = date.toISOString();
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9_999) return text;
  const rest = text.slice(text.indexOf('-', 1));
  return year < 1 ? `"${String(1 - year).padStart(4, '0')}${rest} BC"` : `${year}${rest}`;
}
