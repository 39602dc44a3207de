import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { start, stop } from './processes.mjs';
import { servicesOf } from './resident.mjs';

const boundMs = 60_000;
const MB = 1_024 * 1_024;
const preload = pathToFileURL(join(import.meta.dirname, 'collect-garbage.mjs')).href;

/**
 * The services of a stack, each started anew as the stack had started it, but so that its garbage can be collected from outside.
 * The stack must have been started with --no-restart.
 */
export class Heaps {
  #services = [];

  /** @param {object} ours what `startStack` answered @returns {Promise<object>} the same with the new processes */
  async take(ours, core) {
    const taken = new Map();
    for (const service of servicesOf(ours)) taken.set(service.name, await this.#restart(service, ours, core));
    const processes = ours.processes.map((process) => ({ ...process, pid: taken.get(process.name) ?? process.pid }));
    return { ...ours, processes };
  }

  /** MB that are alive in each service, after a collection. @returns {Promise<[name: string, mb: number][]>} */
  async look() {
    const found = [];
    for (const { name, child, file } of this.#services) {
      rmSync(file, { force: true });
      child.kill('SIGUSR2');
      await until(() => existsSync(file), `${name} did not collect its garbage`);
      found.push([name, Number(readFileSync(file, 'utf8')) / MB]);
    }
    return found;
  }

  async stop() {
    await Promise.all(this.#services.map(({ child }) => stop(child)));
  }

  async #restart({ name, pid }, { stack }, core) {
    const file = join(stack.dir, `heap-${name}`);
    const env = Object.fromEntries(linesOf(pid, 'environ').map((pair) => pair.split(/=(.*)/s)));
    const [node, ...args] = linesOf(pid, 'cmdline');
    const cwd = readlinkSync(`/proc/${pid}/cwd`);
    process.kill(pid, 'SIGTERM');
    await until(() => !existsSync(`/proc/${pid}`), `${name} did not stop`);
    const how = { core, cwd, stdio: 'ignore', env: { ...env, BENCH_HEAP_FILE: file } };
    const child = start([node, '--import', preload, ...args], how);
    this.#services.push({ name, child, file });
    await until(() => isHealthy(env.OPS_PORT), `${name} did not start`);
    return child.pid;
  }
}

function linesOf(pid, name) {
  return readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0').filter(Boolean);
}

async function isHealthy(port) {
  const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok === true;
}

async function until(isSo, otherwise) {
  for (const end = performance.now() + boundMs; performance.now() < end; await sleep(100)) if (await isSo()) return;
  throw new Error(otherwise);
}
