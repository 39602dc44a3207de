import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf, requestBody } from './exchange.mjs';
import { findPortkey, portkeyHeaders } from './portkey.mjs';
import { start, stop } from './processes.mjs';
import { startStack } from './stack.mjs';

const chat = '/v1/chat/completions';
/** Offsets from the port base; a stack uses the 90 from its own. */
const ports = { upstream: 90, floor: 91, portkey: 92 };
const stacks = { ours: 0, before: 100, plain: 200 };

/**
 * Starts what is measured, and the upstream behind it. Gateways share core 0, but only one is under load at a time.
 * @returns {Promise<{ targets: object[], stopAll: () => Promise<void> }>} a target: name, url, headers, model, processes
 */
export async function startTargets(options, say) {
  const [gatewayCore, loadCore] = options.pin ? [0, 1] : [];
  const stops = [];
  const stopAll = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  const address = (name) => `http://127.0.0.1:${options.portBase + ports[name]}`;
  const run = (name, command, core, env = {}) => {
    const child = start(command, { core, env: { NODE_ENV: 'production', ...env } });
    stops.push(() => stop(child));
    return [{ name, pid: child.pid }];
  };
  const script = (file) => [process.execPath, join(import.meta.dirname, file)];
  const upstreamUrl = address('upstream');
  const plain = { headers: { authorization: 'Bearer sk-any' }, model: 'canned' };
  const starters = {
    floor: () => ({
      ...plain,
      url: address('floor') + chat,
      processes: run('floor', [...script('floor.mjs'), port('floor'), upstreamUrl], gatewayCore),
    }),
    portkey: async () => {
      const portkey = await findPortkey(options, say);
      if (!portkey) return undefined;
      const command = [process.execPath, portkey, `--port=${port('portkey')}`, '--headless'];
      const processes = run('portkey', command, gatewayCore, { TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' });
      return { ...plain, headers: portkeyHeaders(upstreamUrl), url: address('portkey') + chat, processes };
    },
    ours: () => stack('ours', options.root),
    before: () => stack('before', options.against),
    plain: () => stack('plain', options.root, { INTERNAL_TLS: 'off' }),
  };
  const stack = async (name, root, settings = {}) => {
    const portBase = options.portBase + stacks[name];
    const started = await startStack({ root, portBase, settings, core: gatewayCore, upstreamUrl });
    stops.push(started.stop);
    return started;
  };
  const port = (name) => String(options.portBase + ports[name]);
  try {
    const upstream = run('upstream', [...script('upstream.mjs'), port('upstream')], loadCore);
    starters.direct = () => ({ ...plain, url: upstreamUrl + chat, processes: upstream });
    const targets = [];
    for (const name of options.targets) {
      const target = await starters[name]();
      if (!target) say(`${name} left out: there is no harness at ${options.harness}`);
      else targets.push(await proven({ name, ...target }));
    }
    return { targets, stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

/** Waits until a target answers what the upstream says, whole and as a stream. @throws when it does not */
async function proven(target) {
  for (const mode of ['json', 'sse']) {
    let fault = 'no answer';
    for (let tries = 0; tries < 100 && fault !== undefined; tries += 1) {
      fault = await faultAt(target, mode);
      if (fault !== undefined) await sleep(100);
    }
    if (fault !== undefined) throw new Error(`${target.name} does not pass on a ${mode} answer: ${fault}`);
  }
  return target;
}

async function faultAt({ url, headers, model }, mode) {
  try {
    const body = requestBody(model, mode);
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
    const text = await response.text();
    return response.ok ? faultOf(text, mode) : `HTTP ${response.status}`;
  } catch (error) {
    return error.message;
  }
}
