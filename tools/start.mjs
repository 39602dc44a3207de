/** `npm start`: from a fresh clone to a running gateway. See tools/stack/options.mjs for its flags. */
import { fileURLToPath } from 'node:url';
import { ensureReady, root } from './bootstrap.mjs';
import { banner } from './stack/banner.mjs';
import { launch } from './stack/launcher.mjs';
import { callerDirectory, parseStart, startUsage, UsageError } from './stack/options.mjs';
import { Progress } from './stack/progress.mjs';
import { stepNames } from './stack/orgn-stack.mjs';

const entry = fileURLToPath(new URL('stack/main.mjs', import.meta.url));

async function start(argv) {
  const options = parseStart(argv, { root, cwd: callerDirectory(root) });
  const progress = new Progress(process.stdout, stepNames.length);
  process.stdout.write(`ORGN Gateway, data in ${options.dir}\n\n`);
  let node;
  await progress.step('install', async () => {
    const ready = await ensureReady((text) => progress.note(text));
    node = ready.node;
    return ready.detail;
  });
  return launch(options, { node, entry, progress, banner: (stack, paths) => banner(stack, paths, options) });
}

// Any Node may run this, also one without the flag that does it; with a listener no inspector opens.
process.on('SIGUSR1', () => {});

try {
  process.exit(await start(process.argv.slice(2)));
} catch (error) {
  const isUsage = error instanceof UsageError;
  process.stderr.write(isUsage ? `${error.message}\n\n${startUsage}` : `\n${error.message}\n`);
  process.exit(isUsage ? 2 : 1);
}
