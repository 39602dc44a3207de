import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { query } from './database.mjs';
import { openTeams } from './keys.mjs';
import { burst } from './load.mjs';
import { cpuUs } from './processes.mjs';
import { startStack } from './stack.mjs';
import { median } from './statistics.mjs';

const connections = 32;
const sizes = { keys: 1_000_000, gateways: 8, teams: 10_000 };
/** Offset from the port base of the stack with many gateways. */
const manyGateways = 100;

/**
 * What an answer costs before and after something has grown, in JSON at 32 connections.
 * @returns {Promise<{ kind: string, what: string, from: number, to: number }[]>} CPU of everything of ours, in us an answer
 */
export async function measureGrowth(ours, place) {
  const { say } = place;
  const rows = [];
  const alone = await costOf([ours], place);
  say(`growth: ${alone.toFixed(0)} us with one key, one gateway, one team`);
  await fillWithKeys(ours);
  rows.push({ kind: 'keys', what: `1 to ${sizes.keys} keys`, from: alone, to: await costOf([ours], place) });
  rows.push({ kind: 'gateways', what: `1 to ${sizes.gateways} gateways`, from: alone, to: await many(place) });
  say(`growth: making ${sizes.teams} teams`);
  const keys = await openTeams(ours, sizes.teams);
  const file = join(ours.stack.dir, 'bench-keys');
  writeFileSync(file, keys.join('\n'));
  const one = await costOf([ours], place);
  const inTurn = await costOf([{ ...ours, keysFile: file }], place);
  rows.push({ kind: 'teams', what: `1 to ${sizes.teams} teams in turn`, from: one, to: inTurn });
  return rows;
}

/** All targets are of one stack, and loaded at once. */
async function costOf(targets, { options, tools }, warmSecs = options.warmSecs / 4) {
  const pids = targets[0].processes.map(({ pid }) => pid);
  const plan = { mode: 'json', connections };
  const all = (secs) => Promise.all(targets.map((target) => burst(target, { ...plan, secs }, tools)));
  await all(warmSecs);
  const costs = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const before = cpuUs(pids);
    const bursts = await all(options.secs);
    costs.push((cpuUs(pids) - before) / bursts.reduce((sum, { requests }) => sum + requests, 0));
  }
  return median(costs);
}

async function many(place) {
  const { options, tools, upstreamUrl } = place;
  const [core, outsideCore] = options.pin ? [0, 1] : [];
  const portBase = options.portBase + manyGateways;
  const flags = ['--gateways', String(sizes.gateways)];
  const started = await startStack({
    root: options.root,
    portBase,
    settings: {},
    core,
    outsideCore,
    upstreamUrl,
    flags,
  });
  try {
    const targets = started.stack.gateways.map((origin) => ({ ...started, url: `${origin}/v1/chat/completions` }));
    // Each of them gets an eighth of the load, and is as warm as one alone after eight times as long.
    return await costOf(targets, { options, tools }, (options.warmSecs / 4) * sizes.gateways);
  } finally {
    await started.stop();
  }
}

/** Keys of nobody, beside which the registry must find the one that is used. */
async function fillWithKeys(ours) {
  await query(
    ours,
    `INSERT INTO key_registry.api_keys (id, digest, digest_kid, team_id, name, hint, execution_policy, lineage_id)
     SELECT id, sha256(id::bytea), 'k1', 'team_' || substr(id, 5, 16), 'bench', 'bench', 'any', id
       FROM (SELECT 'key_' || md5('bench ' || n) AS id FROM generate_series(1, ${sizes.keys}) AS n) AS made`,
  );
  await query(ours, 'ANALYZE key_registry.api_keys');
}
