import { resolve } from 'node:path';
import { callerDirectory, findDeployment } from '../deployment/deployment.ts';
import { UsageError } from '../deployment/refusal.ts';
import { DumpReader } from '../dump/dump-reader.ts';
import type { Manifest } from '../dump/manifest.ts';
import { restoreDump, type Restored } from '../restore/restore-dump.ts';
import { rowsOf, secretsOf } from './dump-facts.ts';
import type { Command } from './run-command.ts';

/** Lines of a list that are printed; `--json` has all of it. */
const MOST_LISTED = 20;

/** Makes the deployment's database what it was when the dump was taken. */
export const restoreCommand: Command = {
  usage: `Usage:
  npm run -s restore -- --from FILE [--replace] [--check] [--dir D] [--json]

Restores a backup in one transaction that is checked before it ends; whatever fails, nothing is changed. The database must be
empty; --replace drops what is in it. Services may run: they refuse requests as unavailable meanwhile.
--check only reads the file, and says what it needs. --dir: the folder of an embedded stack.`,
  flags: ['from'],
  switches: ['replace', 'check'],

  async run({ from, dir, replace, check }) {
    if (!from) throw new UsageError('--from is missing: which backup?');
    const path = resolve(callerDirectory(), from);
    await using dump = await DumpReader.open(path);
    if (check === true) return describe(path, dump.manifest);
    const deployment = findDeployment(dir);
    const restored = await restoreDump(deployment, dump, { replace: replace === true });
    const { takenAt, release } = dump.manifest;
    return { result: { file: path, takenAt, release, ...restored }, text: tell(dump.manifest, restored).join('\n') };
  },
};

function describe(path: string, manifest: Manifest): { result: object; text: string } {
  const { takenAt, release } = manifest;
  const [rows, secrets] = [rowsOf(manifest), secretsOf(manifest)];
  const text = [`The dump is whole: ${rows} rows as they were at ${takenAt}, of release ${release}.`];
  return {
    result: { file: path, takenAt, release, rows, secrets },
    text: [...text, ...secrets.map((line) => `needs: ${line}`)].join('\n'),
  };
}

function tell({ takenAt }: Manifest, restored: Restored): string[] {
  const { rows, migrations, usageRowsGone, usageWordsReturned, sessionsEnded } = restored;
  return [
    `Restored: ${rows} rows as they were at ${takenAt}.`,
    ...(migrations.length > 0
      ? [`The dump was of an older release; then these migrations ran: ${migrations.join(', ')}.`]
      : []),
    ...(usageRowsGone > 0
      ? [`${usageRowsGone} usage rows that were settled after the dump was taken were in the database, and are gone.`]
      : []),
    ...(usageWordsReturned > 0
      ? [
          `${usageWordsReturned} usage words that were not settled then are settled now; a request has one row, however often it is told.`,
        ]
      : []),
    ...(sessionsEnded > 0 ? [`${sessionsEnded} sessions were ended: everybody signs in again.`] : []),
    '',
    ...warnings(takenAt, restored.revived),
  ];
}

function warnings(takenAt: string, { keys, members, teams }: Restored['revived']): string[] {
  return [
    `ATTENTION: what ended access after ${takenAt} is undone. Keys that were revoked, disabled, restricted or rotated since are as`,
    'they were then, and so are suspended teams, members who were removed and roles that were taken. End it again NOW:',
    ...listed(
      keys.map(
        ({ id, teamId, name }) => `  npm run -s keys -- revoke --id ${id} --reason other   # ${name}, of ${teamId}`,
      ),
    ),
    ...listed(teams.map((id) => `  npm run -s teams -- suspend --team ${id} --reason …`)),
    ...listed(
      members.map(({ teamId, userId }) => `  ${userId} is a member of ${teamId} again: remove them in the console`),
    ),
    ...(keys.length + teams.length + members.length === 0
      ? [
          '  the database that was there before knows of nothing; see your own records, and the audit log if it was kept.',
        ]
      : []),
    'What was made since is gone: keys created after the dump do not work. Heads of the audit log that were published since are',
    'not in it: `npm run -s audit -- verify --heads FILE` says where it was cut.',
  ];
}

function listed(lines: readonly string[]): string[] {
  const more = lines.length - MOST_LISTED;
  return more > 0 ? [...lines.slice(0, MOST_LISTED), `  and ${more} more: --json lists them`] : [...lines];
}
