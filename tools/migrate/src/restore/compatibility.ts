import { recordsOf } from '@orgn/database';
import type { Pepper } from '@orgn/key-registry/peppers';
import { Refusal } from '../deployment/refusal.ts';
import { newer } from '../dump/dump-reader.ts';
import type { Manifest } from '../dump/manifest.ts';
import { pepperFaults } from '../peppers/pepper-proof.ts';
import { migrationsBySchema, schemaNames } from '../service-schemas.ts';

/**
 * Whether this release can make what a dump was taken of: it knows every migration that had run there.
 * @throws DumpError `dump_newer`
 */
export function requireKnownMigrations({ schemas, release }: Manifest): void {
  for (const { name, migrations } of schemas) {
    const known = schemaNames.find((own) => own === name);
    if (!known) throw newer(release);
    const names = new Set(recordsOf(migrationsBySchema[known]).map((record) => record.name));
    if (migrations.some((migration) => !names.has(migration.name))) throw newer(release);
  }
}

/**
 * Whether the keys in a dump will verify in this deployment.
 * @throws Refusal `wrong_pepper` naming the peppers
 */
export function requirePeppers({ id, peppers: proofs }: Manifest, peppers: readonly Pepper[]): void {
  const { missing, wrong } = pepperFaults(peppers, id, proofs);
  if (missing.length + wrong.length === 0) return;
  const lines = [
    ...missing.map((kid) => `KEY_PEPPERS lacks ${kid}`),
    ...wrong.map((kid) => `${kid} of KEY_PEPPERS is another one than that which the dump was made with`),
  ];
  throw new Refusal(
    'wrong_pepper',
    `No key of the dump would verify here: ${lines.join('; ')}. Put the secrets back that belong to the dump (an embedded ` +
      'stack: its stack.json, before its first start), then restore. Nothing was changed.',
  );
}
