import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { run } from './run.ts';

/** Commands that work on the whole database instead of asking services: they are programs of tools/migrate. */
const ofTheDatabase = ['backup', 'restore'];

const [noun = '', ...rest] = process.argv.slice(2);
if (ofTheDatabase.includes(noun)) {
  process.argv.splice(2, Infinity, ...rest);
  await import(pathToFileURL(join(import.meta.dirname, `../../migrate/dist/${noun}.js`)).href);
} else {
  process.exitCode = await run(process.argv.slice(2));
}
