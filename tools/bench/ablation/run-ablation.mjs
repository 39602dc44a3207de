import { burst } from '../load.mjs';
import { cpuUs, untilIdle } from '../processes.mjs';
import { median } from '../statistics.mjs';
import { startRungs } from './start-rungs.mjs';

/** What each layer costs, in this many connections. */
const connections = 32;

/**
 * Measures every rung in turns, so that what else the machine does hits all of them alike.
 * @returns {Promise<{ name: string, adds: string, json: object, sse: object }[]>} a row for each rung, from the floor up
 */
export async function ablate(options, tools, say) {
  const { targets, stopAll } = await startRungs(options, say);
  try {
    for (const target of targets) await warm(target, options, tools);
    const found = {};
    for (const mode of ['json', 'sse']) found[mode] = await inRounds(targets, mode, { options, tools, say });
    return targets.map(({ name, adds }, index) => ({
      name,
      adds,
      ...Object.fromEntries(Object.entries(found).map(([mode, rounds]) => [mode, costOf(rounds, index)])),
    }));
  } finally {
    await stopAll();
  }
}

async function warm(target, { warmSecs }, tools) {
  for (const mode of ['json', 'sse']) await burst(target, { mode, connections, secs: warmSecs / 4 }, tools);
}

/** @returns {Promise<object[][]>} of each round what each rung took */
async function inRounds(targets, mode, { options, tools, say }) {
  const rounds = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const taken = [];
    for (const target of targets) taken.push(await measure(target, mode, { options, tools }));
    say(`${mode}, round ${round + 1}: ${taken.map(({ cpu }) => cpu.toFixed(0)).join(' ')} us`);
    rounds.push(taken);
  }
  return rounds;
}

async function measure({ processes, ...target }, mode, { options, tools }) {
  const before = processes.map(({ pid }) => cpuUs([pid]));
  const { requests, bad } = await burst(target, { mode, connections, secs: options.secs }, tools);
  const parts = processes.map(({ name, pid }, index) => ({ name, us: (cpuUs([pid]) - before[index]) / requests }));
  await untilIdle(processes.map(({ pid }) => pid));
  return { cpu: parts.reduce((sum, { us }) => sum + us, 0), parts, bad };
}

/**
 * What a rung costs: medians over the rounds. What it adds is taken round by round, for what disturbs a round disturbs both
 * rungs; `least` and `most` are the extremes of that.
 * @param {{ cpu: number, parts: object[], bad: number }[][]} rounds
 */
export function costOf(rounds, index) {
  const steps = rounds.map((round) => round[index].cpu - (index === 0 ? 0 : round[index - 1].cpu));
  const names = rounds[0][index].parts.map(({ name }) => name);
  return {
    cpu: median(rounds.map((round) => round[index].cpu)),
    added: median(steps),
    least: Math.min(...steps),
    most: Math.max(...steps),
    bad: rounds.reduce((sum, round) => sum + round[index].bad, 0),
    parts: names.map((name, at) => ({ name, us: median(rounds.map((round) => round[index].parts[at].us)) })),
  };
}
