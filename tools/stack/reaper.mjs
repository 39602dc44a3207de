/**
 * Ends the children when the supervisor dies without a word (kill -9). It starts at the end of its input, the reading end of a
 * pipe that nobody writes to: the kernel closes it with the supervisor, whatever happened (reaper-keeper.mjs). After an orderly
 * stop no children are on record any more, and it just leaves.
 *
 * Usage: node reaper.mjs <folder of the stack>
 */
import { stopLeftovers, recordedProcesses } from './leftovers.mjs';
import { stackPaths } from './stack-dir.mjs';

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {});

const paths = stackPaths(process.argv[2]);
const say = (text) => console.log(`${new Date().toISOString()} reaper: ${text}`);

process.stdin.on('error', reap).on('end', reap).resume();

let begun = false;
async function reap() {
  if (begun) return;
  begun = true;
  if (recordedProcesses(paths).reaper === undefined) return;
  say('the supervisor died; stopping its processes');
  say(`stopped ${await stopLeftovers(paths, say)}`);
}
