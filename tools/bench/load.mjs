import { join } from 'node:path';
import { requestBody } from './exchange.mjs';
import { run } from './processes.mjs';

const here = import.meta.dirname;

/**
 * One burst of load on a target. wrk where there is one; generators of our own for streams at a model's pace, whose first
 * bytes count, and for so many answers a second (`perSecond`) instead of all there can be.
 * @param {{ core?: number, wrk?: { path: string, env: object } }} tools
 * @returns {Promise<{ requests: number, us: number, bad: number, p50: number, p99: number, first?: object }>}
 */
export async function burst(target, { mode, connections, secs, perSecond }, { core, wrk }) {
  const body = requestBody(target.model, mode);
  const isGenerated = mode === 'paced' || perSecond !== undefined || wrk === undefined;
  if (isGenerated) return generated(target, { body, mode, connections, secs, perSecond }, core);
  const report = join(here, 'wrk-report.lua');
  const flags = ['-t1', `-c${connections}`, `-d${secs}s`, '--timeout', '30s', '-s', report, target.url];
  const headers = { 'content-type': 'application/json', ...target.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const keys = target.keysFile && { BENCH_KEYS: target.keysFile };
  const env = { ...wrk.env, BENCH_BODY: body, BENCH_HEADERS: lines.join('\n'), ...keys };
  return JSON.parse(/RESULT (.*)/.exec(await run([wrk.path, ...flags], { core, env }))[1]);
}

async function generated({ url, headers }, { mode, ...plan }, core) {
  const order = JSON.stringify({ url, headers, ...plan });
  const generator = mode === 'paced' ? 'paced-generator.mjs' : 'load-generator.mjs';
  const command = [process.execPath, join(here, generator)];
  return JSON.parse(await run(command, { core, env: { BENCH_LOAD: order } }));
}
