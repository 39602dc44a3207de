import { escapeIdentifier } from 'pg';

/** A table's name for a statement, whatever it is made of. */
export function tableName(schema: string, table: string): string {
  return `${escapeIdentifier(schema)}.${escapeIdentifier(table)}`;
}

export function columnList(columns: readonly { name: string }[]): string {
  return columns.map(({ name }) => escapeIdentifier(name)).join(', ');
}
