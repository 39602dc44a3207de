import { resolve, sep } from 'node:path';
import { backUp } from '../backup/back-up.ts';
import { callerDirectory, findDeployment } from '../deployment/deployment.ts';
import { UsageError } from '../deployment/refusal.ts';
import type { Command } from './run-command.ts';
import { rowsOf, secretsOf } from './dump-facts.ts';

/** Writes a dump of the deployment's database. Services go on meanwhile. */
export const backupCommand: Command = {
  usage: `Usage:
  npm run -s backup -- --to FILE|DIR [--dir D] [--json]

Writes one consistent snapshot of the database, while services go on. FILE may be an earlier backup, which is replaced once the
new one is whole; in a folder the backup gets a name with the time. --dir: the folder of an embedded stack.`,
  flags: ['to'],
  switches: [],

  async run({ to, dir }) {
    if (!to) throw new UsageError('--to is missing: where shall the backup go?');
    const deployment = findDeployment(dir);
    const target = resolve(callerDirectory(), to) + (to.endsWith(sep) ? sep : '');
    const { path, manifest } = await backUp(deployment, target);
    const secrets = secretsOf(manifest);
    const result = {
      file: path,
      takenAt: manifest.takenAt,
      rows: rowsOf(manifest),
      tables: Object.fromEntries(
        manifest.schemas.flatMap(({ name, tables }) => tables.map((table) => [`${name}.${table.name}`, table.rows])),
      ),
      /** Null: NATS was not asked. */
      unsettledWords: manifest.usage?.words ?? null,
      secrets,
      keep: deployment.secrets,
    };
    const text = [
      path,
      `${result.rows} rows as they were at ${manifest.takenAt}`,
      toldOfWords(result.unsettledWords),
      ...secrets.map((line) => `needs: ${line}`),
      `The dump holds no secret of the deployment: keep ${deployment.secrets} too, apart from it and encrypted.`,
    ];
    return { result, text: text.join('\n') };
  },
};

function toldOfWords(words: number | null): string {
  if (words === null)
    return 'NATS could not be asked: usage that was not settled yet is not in the dump, and stays in the volume of NATS.';
  return words === 0
    ? 'All usage that was stored before is settled and in it.'
    : `${words} usage words that NATS held and that were not settled are in it too: a restore has them settled, once.`;
}
