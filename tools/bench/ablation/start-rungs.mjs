import { join } from 'node:path';
import { start, stop } from '../processes.mjs';
import { startStack } from '../stack.mjs';
import { proven } from '../proven.mjs';
import { rungs, stackSettings } from './rungs.mjs';

/** Offsets from the port base: a stack has the 90 from its own, and of what is left the bare rungs have a port in two places. */
const offsets = { upstream: 90, floor: 91, edges: 190, routers: 290, stack: 100 };
/** What of a stack works for a bare rung with these layers. */
const helpers = { verify: ['nats', 'postgres', 'key-registry'], usage: ['usage-metering'] };

/**
 * Starts every rung; they share a core, and only one is under load at a time.
 * @returns {Promise<{ targets: object[], stopAll: () => Promise<void> }>} a target for each rung, in their order
 */
export async function startRungs(options, say) {
  const [core, loadCore] = options.pin ? [0, 1] : [];
  const stops = [];
  const stopAll = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  const run = (script, args, { on, env = {} }) => {
    const child = start([process.execPath, join(import.meta.dirname, script), ...args.map(String)], { core: on, env });
    stops.push(() => stop(child));
    return { name: script, pid: child.pid };
  };
  const at = (name, more = 0) => options.portBase + offsets[name] + more;
  try {
    const upstreamUrl = `http://127.0.0.1:${at('upstream')}`;
    run('../upstream.mjs', [at('upstream')], { on: loadCore });
    say('starting three stacks');
    const place = { root: options.root, core, outsideCore: loadCore, upstreamUrl, startsFast: true };
    const stacks = {};
    const startOne = async ([name, settings], index) => {
      stacks[name] = await startStack({ ...place, settings, portBase: options.portBase + index * offsets.stack });
      stops.push(stacks[name].stop);
    };
    const failed = (await Promise.allSettled(Object.entries(stackSettings).map(startOne))).find(({ reason }) => reason);
    if (failed) throw failed.reason;
    const parts = { run, at, core, upstreamUrl, stacks };
    const targets = [];
    for (const [index, rung] of rungs.entries())
      targets.push(await proven({ ...rung, ...starters[rung.kind](rung, index, parts) }));
    return { targets, stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

const chat = '/v1/chat/completions';

const starters = {
  floor: (_rung, _index, { run, at, core, upstreamUrl }) => ({
    url: `http://127.0.0.1:${at('floor')}${chat}`,
    headers: { authorization: 'Bearer sk-any' },
    model: 'canned',
    processes: [run('../floor.mjs', [at('floor'), upstreamUrl], { on: core })],
  }),
  bare: ({ door, layers }, index, { run, at, core, upstreamUrl, stacks }) => {
    const { stack, headers, processes } = stacks['without holds'];
    const [port, routerPort] = [at('edges', index), at('routers', index)];
    const told = JSON.stringify({ door, layers, port, routerPort, upstreamUrl, stack });
    const env = { NODE_ENV: 'production', BENCH_RUNG: told };
    const helping = layers.flatMap((layer) => helpers[layer] ?? []);
    return {
      url: `http://127.0.0.1:${port}${chat}`,
      headers,
      model: 'local_canned',
      processes: [
        run('router.mjs', [], { on: core, env }),
        run('edge.mjs', [], { on: core, env }),
        ...processes.filter(({ service }) => helping.includes(service)),
      ],
    };
  },
  stack: ({ stack, model }, _index, { stacks }) => ({ ...stacks[stack], model }),
};
