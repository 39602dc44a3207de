import { DataSource, type DataSourceOptions, type TableColumn } from 'typeorm';

/**
 * What entities say of their tables and the migrated database does not bear out, or the other way round: one line a
 * column, empty when they agree. Nothing else compares the two, because tables are made by migrations alone.
 * @param url as the service's role
 */
export async function schemaDrift(
  url: string,
  entities: NonNullable<DataSourceOptions['entities']>,
): Promise<string[]> {
  const schema = decodeURIComponent(new URL(url).username);
  const source = await new DataSource({ type: 'postgres', url, schema, entities }).initialize();
  try {
    const runner = source.createQueryRunner();
    const drift: string[] = [];
    for (const { tableName, tablePath, columns } of source.entityMetadatas) {
      const said = columns
        .filter(({ isVirtualProperty }) => !isVirtualProperty)
        .map((column) =>
          describe(tableName, { ...column, name: column.databaseName, type: source.driver.normalizeType(column) }),
        );
      const made = (await runner.getTable(tablePath))?.columns.map((column) => describe(tableName, column)) ?? [];
      drift.push(...said.filter((line) => !made.includes(line)).map((line) => `entity: ${line}`));
      drift.push(...made.filter((line) => !said.includes(line)).map((line) => `table: ${line}`));
    }
    await runner.release();
    return drift;
  } finally {
    await source.destroy();
  }
}

function describe(table: string, column: Pick<TableColumn, 'name' | 'type' | 'isArray' | 'isNullable'>): string {
  const type = `${column.type}${column.isArray ? '[]' : ''}`;
  return `${table}.${column.name} ${type}${column.isNullable ? '' : ' not null'}`;
}
