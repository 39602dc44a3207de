import { writeFileSync } from 'node:fs';
import { ablationTable, partsTable } from './ablation/ablation-table.mjs';
import { ablate } from './ablation/run-ablation.mjs';
import { barsOf } from './bars.mjs';
import { measureGrowth } from './growth.mjs';
import { holdStreams } from './idle-streams.mjs';
import { burst } from './load.mjs';
import { machine } from './machine.mjs';
import { cpuUs, memoryMb, moveTo, untilIdle } from './processes.mjs';
import { growthTable, heapTable, memoryTable, pacedTable, rateTable, residentTable } from './report.mjs';
import { residentOf, servicesOf } from './resident.mjs';
import { soak } from './soak.mjs';
import { summarize } from './statistics.mjs';
import { startTargets } from './targets.mjs';
import { findWrk } from './wrk.mjs';

const pacedStreams = [128, 256];

/** Measures, prints tables and how the bars were met; never fails for a slow figure. */
export async function runBench(options) {
  const say = (text) => process.stderr.write(`${text}\n`);
  const wrk = await findWrk(options);
  const tools = { core: options.pin ? 1 : undefined, wrk };
  const about = { ...machine(), load: wrk ? 'wrk' : 'bundled generator', pinned: options.pin };
  const results = await kinds[options.kind]({ options, tools, say });
  const report = { about: { ...about, ...results.versions }, ...results, bars: barsOf(results) };
  print(report);
  if (options.out) writeFileSync(options.out, JSON.stringify(report, null, 2));
}

const kinds = {
  bars: (place) => beside(place, (bench) => short(bench.targets, place)),
  long: (place) => beside(place, (bench) => long(bench, place)),
  ablation: async ({ options, tools, say }) => ({ ablation: await ablate(options, tools, say) }),
};

async function beside({ options, say }, measureAll) {
  const bench = await startTargets(options, say);
  try {
    const versions = bench.targets.filter(({ version }) => version).map(({ name, version }) => [name, version]);
    return { versions: Object.fromEntries(versions), ...(await measureAll(bench)) };
  } finally {
    await bench.stop();
  }
}

async function short(targets, place) {
  const ours = targets.find(({ name }) => name === 'ours');
  const idle = ours && (await residentOf(ours));
  for (const target of targets) await warm(target, place.options, place.tools);
  const plans = ['json', 'sse'].flatMap((mode) =>
    place.options.connections.map((connections) => ({ mode, connections })),
  );
  const rates = [];
  for (const plan of plans) rates.push(...(await inTurns(targets, plan, place)));
  const paced = [];
  for (const connections of pacedStreams)
    paced.push(...(await inTurns(targets.filter(hasPace), { mode: 'paced', connections }, place)));
  return { rates, paced, single: await single(targets, place), resident: idle && { ...idle, loaded: loadedIn(rates) } };
}

/** The stand-in for confidential machines has a pace of its own, and what takes a core for 40 streams has none. */
const hasPace = ({ name }) => !['tee', 'litellm', 'one-api'].includes(name);

/** MB of the five services while as many connections as were measured load them. */
function loadedIn(rates) {
  const rows = rates.filter(({ target, mode }) => target === 'ours' && mode === 'json');
  return Math.max(...rows.map(({ services }) => services));
}

/** One connection, and two cores for the stack: what a caller waits for when nobody else is there. */
async function single(targets, { options, ...place }) {
  const [ours, direct] = ['ours', 'direct'].map((name) => targets.find((target) => target.name === name));
  if (!ours || !direct || !options.pin) return undefined;
  const pids = ours.processes.map(({ pid }) => pid);
  await moveTo('0,1', pids);
  const rows = await inTurns([direct, ours], { mode: 'json', connections: 1 }, { options, ...place });
  await moveTo('0', pids);
  return Object.fromEntries(rows.map((row) => [row.target, row]));
}

/** Sizes that take minutes to make, each on what it needs of the stack, and then the load of an hour. */
async function long({ targets, upstreamUrl, restart }, place) {
  const ours = () => targets.find(({ name }) => name === 'ours');
  if (!ours()) throw new Error('--long measures our own stack: leave "ours" among the targets.');
  await warm(ours(), place.options, place.tools);
  const streams = await holdStreams(ours(), place.say);
  const growth = await measureGrowth(ours(), { ...place, upstreamUrl });
  await restart('ours', ['--no-restart']);
  return { streams, growth, ...(await soak(ours(), place)) };
}

/** Compilers need some ten thousand turns before a figure says anything. */
async function warm(target, { warmSecs }, tools) {
  for (const mode of ['json', 'sse']) await burst(target, { mode, connections: 32, secs: warmSecs / 2 }, tools);
  await untilIdle(target.processes.map(({ pid }) => pid));
}

/** Every target has its burst in each round, so that what else the machine does hits all of them alike. */
async function inTurns(targets, plan, { options, tools, say }) {
  const bursts = new Map(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const target of targets)
      bursts.get(target.name).push(await measure(target, { ...plan, secs: options.secs }, tools));
  }
  return targets.map(({ name }) => {
    const row = { target: name, ...plan, ...summarize(bursts.get(name)) };
    say(
      `${plan.mode} ${plan.connections}: ${name} ${row.rate.toFixed(0)}/s, ${row.cpu.toFixed(0)} us each, spread ${(row.spread * 100).toFixed(0)} %`,
    );
    return row;
  });
}

async function measure(target, plan, tools) {
  const pids = target.processes.map(({ pid }) => pid);
  const before = cpuUs(pids);
  const { requests, us, bad, p50, p99, first } = await burst(target, plan, tools);
  const used = cpuUs(pids) - before;
  const memory = memoryMb(pids);
  const services = memoryMb(servicesOf(target).map(({ pid }) => pid));
  await untilIdle(pids);
  const times = { p50, p99, ...(first && { first50: first.p50, first99: first.p99 }) };
  return { rate: requests / (us / 1e6), cpu: used / requests, ...times, bad, memory, services };
}

const sections = [
  ['rates', rateTable],
  ['paced', pacedTable],
  ['resident', residentTable],
  ['memory', memoryTable],
  ['heap', heapTable],
  ['growth', growthTable],
  ['ablation', ablationTable],
  ['ablation', partsTable],
];

function print({ about, bars, ...results }) {
  const facts = Object.entries(about).map(([name, value]) => `${name}: ${value}`);
  const tables = sections.filter(([name]) => results[name]).map(([name, tableOf]) => tableOf(results[name]));
  const verdicts = bars.map(({ bar, found, isMet }) => `- ${isMet ? 'met' : 'MISSED'}: ${bar} (${found})`);
  process.stdout.write([facts.join(', '), ...tables, verdicts.join('\n'), ''].join('\n\n'));
}
