type Row = readonly (readonly [name: string, value: string])[];

/** Aligned columns under their names, for a person; `none` is said when there is no row. */
export function toTable(rows: readonly Row[], none: string): string {
  const [first] = rows;
  if (!first) return none;
  const lines = [first.map(([name]) => name.toUpperCase()), ...rows.map((row) => row.map(([, value]) => value))];
  return toAligned(lines);
}

/** `name  value` lines, for a person. */
export function toFields(fields: Row): string {
  return toAligned(fields);
}

function toAligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
