import { join } from 'node:path';
import { clients } from './catalogue.mjs';
import { modelNames, UsageError } from './options.mjs';
import { lastLines } from './processes.mjs';
import { saveShapes } from './recorder/saved-shapes.mjs';
import { updatePage } from './report/page.mjs';
import { rowOf, tableOf } from './report/table.mjs';
import { openStack } from './trial/stack.mjs';
import { Trial } from './trial/trial.mjs';

/**
 * Runs each client against each model and prints a table.
 * @param {ReturnType<typeof import('./options.mjs').parseClients>} options
 * @returns {Promise<number>} 0 when every row is green
 */
export async function runClients(options) {
  const chosen = choose(options.only);
  if (options.list) return list(chosen);
  const stack = await openStack(options);
  const rows = [];
  try {
    await stack.prepare();
    for (const client of chosen) rows.push(await runClient({ client, stack, options }));
  } finally {
    await stack.stop();
  }
  print(`\n${tableOf(rows)}`);
  // A row says what a client did with every model.
  if (options.models.length === modelNames.length) await updatePage(options.root, rows, clients);
  const bad = rows.filter(({ isGreen }) => !isGreen);
  print(`\nclients: ${rows.length - bad.length} passed, ${bad.length} failed`);
  return bad.length === 0 ? 0 : 1;
}

async function runClient({ client, stack, options }) {
  print(`\n== ${client.name}`);
  const folder = join(options.dir, client.name);
  let version;
  try {
    if (options.install) await client.install.install(folder);
    version = client.install.version(folder);
  } catch (error) {
    print(`   not installed: ${lastLines(error.message, 4)}`);
    return rowOf({ client, version: undefined, trials: [], problem: error.message });
  }
  const trials = [];
  for (const model of options.models) trials.push(await tryModel({ client, folder, model, stack, options }));
  if (options.record) saveShapes(options.root, client.name, trials);
  return rowOf({ client, version, trials });
}

async function tryModel({ client, folder, model, stack, options }) {
  const trial = new Trial({ client, folder, model, stack, verbose: options.verbose });
  try {
    await client.run(trial);
  } finally {
    trial.close();
  }
  for (const { name, faults, exchanges } of trial.results) {
    const how = faults.length === 0 ? 'ok' : 'FAILED';
    print(`   ${model} ${name}: ${how}, ${exchanges.length} requests`);
    for (const fault of faults) print(`      ${fault.slice(0, 800)}`);
    if (options.verbose)
      exchanges.forEach((exchange) => print(`      ${exchange.method} ${exchange.path} ${exchange.status}`));
  }
  return trial;
}

function choose(only) {
  if (!only) return clients;
  const unknown = only.find((wanted) => !clients.some(({ name }) => name.startsWith(wanted)));
  if (unknown !== undefined) throw new UsageError(`There is no client "${unknown}"; --list names them.`);
  return clients.filter(({ name }) => only.some((wanted) => name.startsWith(wanted)));
}

function list(chosen) {
  for (const { name, title } of chosen) print(`${name.padEnd(28)} ${title}`);
  return 0;
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
