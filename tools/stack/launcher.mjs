import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import { waitForReaper } from './leftovers.mjs';
import { lockHolder } from './lock.mjs';
import { logLength, openLog, tailOf } from './log-file.mjs';
import { openStackDir } from './stack-dir.mjs';
import { readStackFile } from './stack-file.mjs';
import { alreadyRuns } from './already-runs.mjs';
import { supervisorFlags } from './node-flags.mjs';

/**
 * Starts a supervisor in a session of its own and shows what it says. In the foreground it stays until the stack has
 * stopped; with --detach it returns when the stack is ready. A signal to this process, once or more often, stops the
 * stack as long as this process is there, and so does its end.
 * @param {object} options see options.mjs
 * @param {object} how
 * @param {string} how.node the Node that runs the supervisor
 * @param {string} how.entry script of the supervisor; gets the options as JSON
 * @param {import('./progress.mjs').Progress} how.progress
 * @param {(stack: object, paths: object) => string} how.banner what to say when the stack is ready, from `stack.json`:
 *   it holds a secret, so it is made here and never goes through a log
 * @returns {Promise<number>} exit code
 */
export async function launch(options, { node, entry, progress, banner }) {
  const paths = openStackDir(options.dir);
  const holder = lockHolder(paths.lock);
  if (holder) throw new Error(alreadyRuns(paths, holder));
  const logFrom = logLength(paths.supervisorLog);
  const supervisor = spawnSupervisor(paths, [entry, JSON.stringify(options)], node);
  const outcome = await follow(supervisor, progress, {
    detach: options.detach,
    onReady: () => process.stdout.write(banner(readStackFile(paths.stackFile), paths)),
  });
  if (outcome.ended !== undefined) await waitForReaper(paths);
  return conclude(outcome, () => tailOf(paths.supervisorLog, { from: logFrom }));
}

function spawnSupervisor(paths, args, node) {
  const log = openLog(paths.supervisorLog);
  const supervisor = spawn(node, [...supervisorFlags, ...args], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => supervisor.kill(name));
  return supervisor;
}

/** @returns {Promise<{ isReady: boolean, failure?: object, ended?: string }>} `ended`: how the supervisor ended, if it did */
function follow(supervisor, progress, { detach, onReady }) {
  const outcome = { isReady: false };
  const hear = {
    begin: ({ name }) => progress.begin(name),
    done: ({ detail }) => progress.done(detail),
    note: ({ text }) => progress.note(text),
    failed: (failure) => (outcome.failure = failure),
    ready: () => {
      outcome.isReady = true;
      onReady();
      if (detach) supervisor.disconnect();
    },
  };
  return new Promise((resolve, reject) => {
    supervisor.on('error', reject);
    supervisor.on('message', (message) => hear[message.type](message));
    const exit = once(supervisor, 'exit');
    // Its last words may be read after its end was noticed, but never after the channel has closed.
    supervisor.on('disconnect', async () => {
      if (detach && outcome.isReady) return resolve(outcome);
      const [code, signal] = await exit;
      progress.broken(outcome.failure ? 'failed' : 'stopped');
      resolve({ ...outcome, ended: signal ?? `code ${code}` });
    });
  });
}

function conclude({ failure, ended, isReady }, supervisorTail) {
  if (failure) return complain(failure.message, failure.lines);
  if (ended === undefined) return 0;
  if (ended !== 'code 0') return complain(`The supervisor ended unexpectedly (${ended}).`, supervisorTail());
  process.stdout.write('Stopped.\n');
  return isReady ? 0 : 1;
}

function complain(message, lines) {
  process.stderr.write(`\n${[message, ...lines.map((line) => `  | ${line}`)].join('\n')}\n`);
  return 1;
}
