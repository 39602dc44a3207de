import { expect, test } from '@jest/globals';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { startPostgres } from './postgres.ts';
import { schemaDrift } from './schema-drift.ts';

class CreateThings1795300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE things (id text PRIMARY KEY, tags text[], size int NOT NULL, extra text)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things');
  }
}

@Entity({ name: 'things' })
class Thing {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  @Column({ type: 'text', array: true, nullable: true })
  tags!: string[] | null;

  @Column({ type: 'int', nullable: true })
  size!: number | null;

  @Column({ type: 'text' })
  missing!: string;
}

test('drift between an entity and its table is found, column by column', async () => {
  const postgres = await startPostgres({ schemas: [{ name: 'things', migrations: [CreateThings1795300000000] }] });
  try {
    expect(await schemaDrift(postgres.urlOf('things'), [Thing])).toEqual([
      'entity: things.size integer',
      'entity: things.missing text not null',
      'table: things.size integer not null',
      'table: things.extra text',
    ]);
  } finally {
    await postgres.stop();
  }
});
