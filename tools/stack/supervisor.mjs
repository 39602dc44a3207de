import { alreadyRuns } from './already-runs.mjs';
import { Children } from './children.mjs';
import { recordProcesses, stopLeftovers, waitForReaper } from './leftovers.mjs';
import { takeLock } from './lock.mjs';
import { planPorts, portRange } from './ports.mjs';
import { keepReaper } from './reaper-keeper.mjs';
import { Reporter } from './reporter.mjs';
import { setProcesses } from './stack-file.mjs';
import { clearStackDir, openStackDir } from './stack-dir.mjs';

/**
 * A stack as data.
 * @typedef {object} Definition
 * @property {(options: object) => { slot: string, purpose: string, offset: number }[]} slots the ports that it needs
 * @property {{ name: string, run(stack: Stack): Promise<string | void> }[]} steps done one after the other once the ports
 *   are known; each returns a few words for the terminal
 */

/**
 * What a step works with.
 * @typedef {object} Stack
 * @property {object} options see options.mjs
 * @property {ReturnType<import('./stack-dir.mjs').stackPaths>} paths
 * @property {Map<string, number>} ports by slot
 * @property {Children} children
 * @property {(text: string) => void} note says a line on the terminal and in the log
 */

/**
 * Runs a stack in this process until a signal comes, the start fails, or the launcher goes away (with --detach: goes
 * away before the stack is ready). Speaks to the launcher over IPC and logs on stdout.
 * @param {object} options see options.mjs
 * @param {Definition} definition
 * @returns {Promise<number>} exit code, when every process of the stack is gone
 */
export async function supervise(options, definition) {
  const reporter = new Reporter();
  const stop = listenForStop(options, reporter);
  try {
    const paths = openStackDir(options.dir);
    const lock = await takeLock(paths.lock);
    if (!lock.release) throw new Error(alreadyRuns(paths, lock.holder));
    try {
      await runStack({ options, definition, paths, reporter, stop });
    } finally {
      lock.release();
    }
    return 0;
  } catch (error) {
    await reporter.failed(error);
    return 1;
  }
}

async function runStack({ options, definition, paths, reporter, stop }) {
  const note = (text) => reporter.note(text);
  await clearTheGround(paths, options, note);
  const publish = () => {
    try {
      if (stop.isReady) setProcesses(paths.stackFile, children.ready);
    } catch (error) {
      note(`stack.json could not be written: ${error.message}`);
    }
  };
  const children = new Children({ paths, restart: options.restart, note, changed: publish });
  const reaper = keepReaper(paths.dir, (identity) => (children.reaper = identity));
  try {
    const started = start({ options, definition, paths, children, note, reporter });
    if ((await Promise.race([started.then(() => 'ready'), stop.requested])) === 'ready') {
      stop.isReady = true;
      publish();
      reporter.ready();
    }
    await stop.requested;
  } finally {
    await children.stop();
    setProcesses(paths.stackFile, []);
    recordProcesses(paths, { children: [] });
    await reaper.release();
  }
}

async function start({ options, definition, paths, children, note, reporter }) {
  const stack = { options, paths, children, note };
  await reporter.step('ports', async () => {
    const slots = definition.slots(options);
    const { ports } = await planPorts(slots, { base: options.portBase, memory: paths.ports });
    stack.ports = ports;
    return portRange(ports);
  });
  for (const { name, run } of definition.steps) await reporter.step(name, () => run(stack));
}

/** What an earlier supervisor left, running or (with --fresh) lying about. */
async function clearTheGround(paths, options, note) {
  await waitForReaper(paths);
  const count = await stopLeftovers(paths, note);
  if (count > 0) note(`stopped ${count} processes that an earlier start had left behind`);
  if (options.fresh) clearStackDir(paths);
}

/** Any number of signals is one request to stop: a second Ctrl-C finds the stop under way and changes nothing. */
function listenForStop(options, reporter) {
  const { promise, resolve } = Promise.withResolvers();
  const stop = { requested: promise, isReady: false };
  let isStopping = false;
  const request = (why) => {
    if (!isStopping) reporter.note(`stopping (${why})`);
    isStopping = true;
    resolve('stop');
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, request);
  process.on('disconnect', () => {
    if (!(options.detach && stop.isReady)) request('the terminal that started it is gone');
  });
  return stop;
}
