/** `npm start` for the stand-ins: the same flags, the same launcher. */
import { fileURLToPath } from 'node:url';
import { launch } from '../launcher.mjs';
import { parseStart } from '../options.mjs';
import { Progress } from '../progress.mjs';

const entry = fileURLToPath(new URL('stand-in-stack.mjs', import.meta.url));
const options = parseStart(process.argv.slice(2), { root: process.cwd(), cwd: process.cwd() });
const how = { node: process.execPath, entry, progress: new Progress(process.stdout, 2), banner: () => 'Ready.\n' };

try {
  process.exit(await launch(options, how));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
