/**
 * What migrations make in a schema, a line for each kind of thing and each table: `constraint teams: teams_pkey teams_suspension`.
 * Names only, since servers write definitions in words of their own; a definition that has changed has a migration. Parts of
 * partitioned tables are left out: a month comes and goes, and what a part lacks makes the index of the whole invalid.
 */
export type SchemaShape = readonly string[];

/** Asks who whichever may connect: $1 is the schema. What is not valid is not there. */
export const SHAPE = `
  WITH tables AS (
    SELECT oid, relname FROM pg_class
    WHERE relnamespace = to_regnamespace(quote_ident($1)) AND relkind IN ('r', 'p') AND relname <> 'migrations'
      AND (NOT relispartition OR relname ~ '_default$')),
  things AS (
    SELECT 'column' AS kind, relname, attname || CASE WHEN attnotnull THEN '!' ELSE '' END AS name
      FROM tables JOIN pg_attribute ON attrelid = tables.oid AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT 'constraint', relname, conname
      FROM tables JOIN pg_constraint ON conrelid = tables.oid AND contype <> 'n' AND convalidated
    UNION ALL SELECT 'index', tables.relname, c.relname
      FROM tables JOIN pg_index ON indrelid = tables.oid AND indisvalid AND indisready JOIN pg_class c ON c.oid = indexrelid
    UNION ALL SELECT 'trigger', relname, tgname
      FROM tables JOIN pg_trigger ON tgrelid = tables.oid AND NOT tgisinternal AND tgenabled <> 'D'
    UNION ALL SELECT 'function', '', proname FROM pg_proc WHERE pronamespace = to_regnamespace(quote_ident($1)))
  SELECT trim(kind || ' ' || relname) || ': ' || string_agg(name, ' ' ORDER BY name COLLATE "C") AS line
  FROM things GROUP BY kind, relname ORDER BY (trim(kind || ' ' || relname)) COLLATE "C"`;

/** What of `expected` is not there, each by its kind and name; a column that may be null again is a column that is not there. */
export function missingOf(expected: SchemaShape, actual: SchemaShape): string[] {
  const there = new Map(actual.map(parseLine));
  return expected.map(parseLine).flatMap(([what, names]) => {
    const found = there.get(what);
    return [...names].filter((name) => !found?.has(name)).map((name) => toWords(what, name));
  });
}

function parseLine(line: string): [what: string, names: Set<string>] {
  const [what = '', names = ''] = line.split(': ');
  return [what, new Set(names.split(' '))];
}

function toWords(what: string, name: string): string {
  const [kind = '', table] = what.split(' ');
  const own = name.replace(/!$/, ' (not null)');
  return table === undefined ? `${kind} ${own}` : `${kind} ${own} of ${table}`;
}
