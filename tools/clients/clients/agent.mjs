import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bareEnvironment, lastLines, run } from '../processes.mjs';

const timeoutMs = 180_000;
/** A file of the project, and a word of it that the model must get to see. */
const note = { name: 'note.txt', text: 'The word of the day is marmalade.\n', word: 'marmalade' };
const greeting = (mark) => `[[echo:let me think about it, lighthouse ${mark}]]`;

/**
 * How an agent is tried: it answers, reads a file by its own tool and goes on with the session, and answers a stream.
 * @param {(order: Order) => Promise<{ text?: string, usage?: object }>} ask runs the program once
 * @param {{ call: (path: string) => string, countsSession?: boolean }} how `call`: the tool's name and arguments that read a
 *   file; `countsSession`: the usage that the program shows is that of the whole session
 *
 * @typedef {{ trial: object, api: string, prompt: string, previous?: object }} Order `previous`: what the turn before came to
 */
export function agentRun(ask, { call, countsSession = false }) {
  return async (trial) => {
    const path = join(trial.project, note.name);
    writeFileSync(path, note.text);
    await trial.case('answer', (api) => ask({ trial, api, prompt: `Say hello. ${greeting('one')}` }));
    await trial.case('tools', async (api) => {
      const prompt = `What is the word of the day in ${note.name}? [[call:${call(path)}]]`;
      const previous = await ask({ trial, api, prompt });
      const last = await ask({ trial, api, prompt: `Thank you. ${greeting('two')}`, previous });
      const shows = [...(previous.shows ?? []), ...(last.shows ?? [])];
      return countsSession ? last : { ...last, shows, usage: sum(previous.usage, last.usage) };
    });
    await trial.case('stream', (api) =>
      ask({ trial, api, prompt: `Say it slowly. ${greeting('three')}`, streams: true }),
    );
  };
}

/** What each case of an agent must come to. The tool's word is looked for in what was sent. */
export const agentExpected = {
  answer: { text: /lighthouse one/ },
  tools: { text: /lighthouse two/, calls: undefined, sent: note.word },
  stream: { text: /lighthouse three/, calls: undefined, deltas: undefined },
};

/** Runs an agent's program in the trial's project. @returns what it printed @throws when it failed */
export async function runAgent(trial, command, env) {
  const ended = await run(command, { cwd: trial.project, env: { ...bareEnvironment(trial.home), ...env }, timeoutMs });
  if (trial.verbose) process.stdout.write(`${ended.stdout}\n${lastLines(ended.stderr, 40)}\n`);
  if (ended.code === 0) return ended.stdout;
  const how = ended.timedOut ? `ran longer than ${timeoutMs / 1e3} s` : `exit code ${ended.code}`;
  throw new Error(`${how}: ${lastLines(ended.stderr || ended.stdout, 3)}`);
}

/** JSON lines, whatever else stands between them. */
export function jsonLines(text) {
  return text.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') ? [JSON.parse(line)] : [];
    } catch {
      return [];
    }
  });
}

/** Usage of several requests together; nothing when one says nothing. */
export function sum(...all) {
  if (all.length === 0 || all.includes(undefined)) return undefined;
  const total = (member) => all.reduce((count, figures) => count + figures[member], 0);
  return { input: total('input'), output: total('output') };
}

export function textsOf(texts) {
  return texts.filter(Boolean).join('\n');
}

/** Writes a file of the agent's configuration. */
export function place(folder, name, text) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
