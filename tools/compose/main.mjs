/**
 * `npm run test:compose`: runs every command of docs/deployment.md that is marked as runnable, in a clone of its own on the Docker
 * engine that answers here, and prints what came of each; then what callers notice of upgrades, crashes and restarts.
 * Exits with 1 when something failed, with 3 where there is no engine: then nothing was tried.
 *
 * --only WALK     `demo` or `production`
 * --no-figures    commands only
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureReady, root } from '../bootstrap.mjs';
import { findEngine, standIns } from './engine.mjs';
import { sentence } from './figures.mjs';
import { runnableBlocks } from './page.mjs';
import { walkDown } from './walk.mjs';

const page = 'docs/deployment.md';
const say = (text) => console.error(`compose: ${text}`);

async function main(argv) {
  const options = { only: { type: 'string' }, 'no-figures': { type: 'boolean', default: false } };
  const { values } = parseArgs({ args: argv, options });
  const engine = findEngine();
  if (engine.missing) {
    say(`${engine.missing}: nothing was tried.`);
    return 3;
  }
  const { node } = await ensureReady();
  const chosen = standIns(readFileSync(join(root, '.env.example'), 'utf8'));
  say(`engine ${engine.version}, compose ${engine.compose}`);
  if (Object.keys(chosen).length > 0) say(`images by tag, as they are here: ${Object.values(chosen).join(', ')}`);
  const env = { ...chosen, PATH: `${join(node, '..')}:${process.env.PATH}` };
  const all = runnableBlocks(readFileSync(join(root, page), 'utf8'));
  const walks = ['production', 'demo'].filter((name) => values.only === undefined || values.only === name);
  const results = [];
  for (const name of walks) {
    const blocks = all.filter(({ walk }) => walk === name);
    results.push(await walkDown({ root, name, blocks, engine, env, say, measure: !values['no-figures'] }));
  }
  print(results);
  return results.every(({ steps }) => steps.every(({ ok }) => ok)) ? 0 : 1;
}

function print(results) {
  const steps = results.flatMap((result) => result.steps);
  console.log('| step | commands | result |\n| --- | --- | --- |');
  for (const { heading, text, ok, seconds } of steps) {
    console.log(`| ${heading} | ${firstLines(text)} | ${ok ? 'ok' : '**failed**'}, ${seconds.toFixed(1)} s |`);
  }
  const figures = results.flatMap((result) => result.figures);
  if (figures.length > 0) console.log('\n| event | what callers noticed |\n| --- | --- |');
  for (const { event, report } of figures) console.log(`| ${event} | ${sentence(report)} |`);
  for (const { heading, line, output } of steps.filter(({ ok }) => !ok)) {
    console.log(`\n${page}:${line} (${heading}) failed:\n${output.slice(-4_000)}`);
  }
}

function firstLines(text) {
  const commands = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith(' '));
  const words = commands.map((line) => line.replace(/\s+#.*/, '').slice(0, 70));
  return `\`${words.slice(0, 3).join('`; `')}\`${words.length > 3 ? '; …' : ''}`.replaceAll('|', '\\|');
}

process.exit(await main(process.argv.slice(2)));
