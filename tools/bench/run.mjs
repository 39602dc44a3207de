import { writeFileSync } from 'node:fs';
import { burst } from './load.mjs';
import { machine } from './machine.mjs';
import { holdLong } from './long-run.mjs';
import { cpuUs, memoryMb } from './processes.mjs';
import { barsOf, memoryTable, pacedTable, rateTable } from './report.mjs';
import { summarize } from './statistics.mjs';
import { startTargets } from './targets.mjs';
import { findWrk } from './wrk.mjs';

const pacedStreams = [128, 256];

/** Measures, prints tables and how the bars were met; never fails for a slow figure. */
export async function runBench(options) {
  const say = (text) => process.stderr.write(`${text}\n`);
  const wrk = await findWrk(options);
  const tools = { core: options.pin ? 1 : undefined, wrk };
  const { targets, stopAll } = await startTargets(options, say);
  try {
    const about = { ...machine(), load: wrk ? 'wrk' : 'bundled generator', pinned: options.pin };
    const results =
      options.longSecs > 0 ? await long(targets, options, tools, say) : await short(targets, options, tools, say);
    const report = { about, ...results, bars: barsOf(results) };
    print(report);
    if (options.out) writeFileSync(options.out, JSON.stringify(report, null, 2));
  } finally {
    await stopAll();
  }
}

async function short(targets, options, tools, say) {
  const plans = ['json', 'sse'].flatMap((mode) => options.connections.map((connections) => ({ mode, connections })));
  const rates = [];
  for (const target of targets) await warm(target, options, tools);
  for (const plan of plans) rates.push(...(await inTurns(targets, plan, { options, tools, say })));
  const paced = [];
  for (const connections of pacedStreams) {
    paced.push(...(await inTurns(targets, { mode: 'paced', connections }, { options, tools, say })));
  }
  return { rates, paced };
}

async function long(targets, options, tools, say) {
  const ours = targets.find(({ name }) => name === 'ours');
  if (!ours) throw new Error('--long measures our own stack: leave "ours" among the targets.');
  await warm(ours, options, tools);
  return { memory: await holdLong(ours, options.longSecs, tools, say) };
}

/** Compilers need some ten thousand turns before a figure says anything. */
async function warm(target, { warmSecs }, tools) {
  for (const mode of ['json', 'sse']) await burst(target, { mode, connections: 32, secs: warmSecs / 2 }, tools);
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
  const times = { p50, p99, ...(first && { first50: first.p50, first99: first.p99 }) };
  return { rate: requests / (us / 1e6), cpu: used / requests, ...times, bad, memory: memoryMb(pids) };
}

function print({ about, rates, paced, memory, bars }) {
  const tables = [rates && rateTable(rates), paced && pacedTable(paced), memory && memoryTable(memory)];
  const facts = Object.entries(about).map(([name, value]) => `${name}: ${value}`);
  const verdicts = bars.map(({ bar, found, isMet }) => `- ${isMet ? 'met' : 'MISSED'}: ${bar} (${found})`);
  process.stdout.write([facts.join(', '), ...tables.filter(Boolean), verdicts.join('\n'), ''].join('\n\n'));
}
