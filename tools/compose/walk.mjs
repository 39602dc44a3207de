import { appendFileSync, rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloneOf } from './clone.mjs';
import { disturb, during, sentence } from './figures.mjs';
import { Shell } from './shell.mjs';

const blockSeconds = 1_200;
/** Streams of the trickle last some seconds. */
const paceStreams = `docker compose exec -T providers node -e "fetch('http://127.0.0.1:8070/control/phala', { method: 'PUT', body: '{\\"chunkDelayMs\\":50}' })"`;
/** What is changed before an upgrade: a source file, as a new release would. */
const changed = 'apps/gateway/src/main.ts';

/**
 * Walks down the page in a clone, from its first runnable block to its last.
 * @param {{ root: string, name: string, blocks: object[], engine: { inside: string[] }, env: object, say: Function, measure: boolean }} walk
 * @returns {Promise<{ steps: object[], figures: object[] }>} `steps`: each block with `ok`, `seconds`, `output`; what comes behind
 * one that failed is not run. `figures`: what callers noticed, with `event` and `report`
 */
export async function walkDown(walk) {
  const [clone, scratch] = [cloneOf(walk.root), mkdtempSync(join(tmpdir(), 'orgn-walk-'))];
  const env = { ...process.env, ...walk.env, COMPOSE_PROJECT_NAME: `orgn-page-${walk.name}` };
  const shell = new Shell({ cwd: clone, env, scratch, inside: walk.engine.inside });
  const stage = { ...walk, clone, shell, inside: walk.engine.inside, key: '', figures: [] };
  try {
    return { steps: await takeSteps(stage), figures: stage.figures };
  } finally {
    await shell.close();
    await endDeployment(stage, { clone, env, scratch });
    for (const folder of [clone, scratch]) rmSync(folder, { recursive: true, force: true });
  }
}

async function endDeployment({ engine }, { clone, env, scratch }) {
  const shell = new Shell({ cwd: clone, env, scratch, inside: engine.inside });
  // The page's last block takes .env along; then there is nothing left either.
  await shell.run("SECRETS_DIR=secrets docker compose --profile '*' down --volumes --remove-orphans || true", 120);
  await shell.close();
}

async function takeSteps(stage) {
  const steps = [];
  for (const block of stage.blocks) {
    const step = await takeStep(stage, block);
    steps.push(step);
    stage.say(`${step.ok ? 'ok' : 'FAILED'} ${block.heading} (line ${block.line}), ${step.seconds.toFixed(1)} s`);
    if (!step.ok) return steps;
    await measureAfter(stage, block);
  }
  return steps;
}

async function takeStep(stage, block) {
  const ran = block.isTrickled ? await underTrickle(stage, block) : await stage.shell.run(block.text, blockSeconds);
  if (ran.key) stage.key = ran.key;
  return { ...block, ...ran };
}

/** An upgrade is one of a release that differs, and with several gateways it costs no request. */
async function underTrickle(stage, block) {
  appendFileSync(join(stage.clone, changed), '// A newer release.\n');
  await stage.shell.run(paceStreams, 30);
  const { command, ...report } = await during(stage, block.text);
  note(stage, `${block.heading}: two gateways behind the proxy`, report);
  const isLossless = report.failed === 0;
  return {
    ...command,
    ok: command.ok && isLossless,
    output: `${command.output}\n${sentence(report)}\n${JSON.stringify(report.lost)}`,
  };
}

/** With one of each, after the first steps; with two of each, after the upgrade. */
async function measureAfter(stage, { heading, isTrickled }) {
  if (!stage.measure || !(isTrickled || heading === 'Try it')) return;
  await stage.shell.run(paceStreams, 30);
  const many = isTrickled ? 'two of each' : 'one of each';
  if (!isTrickled) await upgradeOne(stage);
  for (const { event, report } of await disturb({ ...stage, hasTwo: isTrickled }))
    note(stage, `${many}: ${event}`, report);
}

/** A gateway that is published itself is away while the next one starts, however long the answers of the one before it take. */
async function upgradeOne(stage) {
  const newer = `printf 'FROM orgn-gateway:local\\nLABEL release=newer\\n' | docker build -q -t orgn-gateway:local - && sh deploy/upgrade.sh`;
  note(stage, 'one of each: upgrade', await during(stage, newer));
}

function note(stage, event, report) {
  stage.figures.push({ event, report });
  stage.say(`${event}: ${sentence(report)}`);
}
