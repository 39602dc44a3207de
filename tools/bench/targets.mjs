import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { litellm } from './peers/litellm.mjs';
import { nginx } from './peers/nginx.mjs';
import { oneApi } from './peers/one-api.mjs';
import { portkey } from './peers/portkey.mjs';
import { start, stop } from './processes.mjs';
import { proven } from './proven.mjs';
import { startStack } from './stack.mjs';

const chat = '/v1/chat/completions';
/** Offsets from the port base; a stack uses the 90 from its own. */
const ports = { upstream: 90, floor: 91, portkey: 92, nginx: 93, litellm: 94, 'one-api': 95 };
const stacks = { ours: 0, before: 100, plain: 200 };

/** What 10,000 callers of one host need, and providers that say nothing. */
const manyStreams = {
  MAX_CONNECTIONS: '15000',
  MAX_CONNECTIONS_PER_NETWORK: '15000',
  READ_STALL_MS: '600000',
  TOTAL_TIMEOUT_MS: '600000',
};

/**
 * Other gateways. Each says what it needs beside what all have: headers, the model's name there, its processes, what it left on
 * the disk, and its version; or that it is not there.
 */
const peers = { floor, nginx, portkey, litellm, 'one-api': oneApi };

/** What a peer measures itself by: node:http in, undici out. */
function floor({ start, port, upstreamUrl }) {
  return { processes: start([process.execPath, join(import.meta.dirname, 'floor.mjs'), port, upstreamUrl]) };
}

/**
 * Starts what is measured, and the upstream behind it. Gateways share core 0, but only one is under load at a time.
 * @returns {Promise<Bench>}
 */
export async function startTargets(options, say) {
  const bench = new Bench(options, say);
  try {
    await bench.open();
    for (const name of options.targets) await bench.add(name);
    return bench;
  } catch (error) {
    await bench.stop();
    throw error;
  }
}

class Bench {
  /** Of each: name, url, headers, model, processes; `version` of what is not ours. */
  targets = [];
  #stops = [];

  constructor(options, say) {
    this.options = options;
    this.say = say;
    [this.core, this.loadCore] = options.pin ? [0, 1] : [];
    this.upstreamUrl = `http://127.0.0.1:${options.portBase + ports.upstream}`;
  }

  open() {
    const script = join(import.meta.dirname, 'upstream.mjs');
    this.upstream = this.#start('upstream', [process.execPath, script, this.#port('upstream')], {
      core: this.loadCore,
    });
  }

  /** Starts a target and waits until it answers rightly; says so when it is not there. */
  async add(name) {
    const target = await this.#open(name);
    if (target) this.targets.push(await proven({ ...target, name }));
    else this.say(`${name} is left out: it is not installed, and not to be had here`);
  }

  /** Our stack from nothing, with other flags of `npm start`. */
  restart = async (name, flags) => {
    const at = this.targets.findIndex((target) => target.name === name);
    await this.targets[at].stop();
    this.#stops.splice(this.#stops.indexOf(this.targets[at].stop), 1);
    this.targets[at] = await proven({ ...(await this.#stack(name, flags)), name });
  };

  async stop() {
    for (const end of this.#stops.splice(0).reverse()) await end();
  }

  #open(name) {
    if (name in peers) return this.#peer(name);
    if (name === 'direct') return { ...this.#plain(this.upstreamUrl), processes: this.upstream };
    if (name === 'tee') return this.#tee();
    return this.#stack(name);
  }

  #plain(origin) {
    return { url: origin + chat, headers: { authorization: 'Bearer sk-any' }, model: 'canned' };
  }

  async #peer(name) {
    const port = this.#port(name);
    const place = { options: this.options, say: this.say, port, upstreamUrl: this.upstreamUrl };
    const start = (command, how) => this.#start(name, command, { core: this.core, ...how });
    const peer = await peers[name]({ ...place, start });
    if (peer?.scratch) this.#stops.unshift(() => rmSync(peer.scratch, { recursive: true, force: true }));
    return peer && { ...this.#plain(`http://127.0.0.1:${port}`), ...peer };
  }

  async #stack(name, flags) {
    const { options, core, loadCore, upstreamUrl } = this;
    const root = name === 'before' ? options.against : options.root;
    const settings = { ...(name === 'plain' && { INTERNAL_TLS: 'off' }), ...(options.kind === 'long' && manyStreams) };
    const portBase = options.portBase + stacks[name];
    const started = await startStack({ root, portBase, settings, core, outsideCore: loadCore, upstreamUrl, flags });
    this.#stops.push(started.stop);
    return started;
  }

  /** An enclave's answers, with their receipts, by our own stack: its words are those of the stand-in for confidential machines. */
  #tee() {
    const ours = this.targets.find(({ name }) => name === 'ours');
    return ours && { ...ours, model: 'near_canned', hasOwnWords: true };
  }

  #start(name, command, { core, env = {}, cwd, isQuiet = false }) {
    const stdio = isQuiet ? 'ignore' : undefined;
    const child = start(command.map(String), { core, cwd, stdio, env: { NODE_ENV: 'production', ...env } });
    this.#stops.push(() => stop(child));
    return [{ name, pid: child.pid }];
  }

  #port(name) {
    return String(this.options.portBase + ports[name]);
  }
}
