import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment, lastLines, run } from '../processes.mjs';

const timeoutMs = 180_000;

/** A file of the project that agents read, and a word of it that the model must get to see. */
export const note = { name: 'note.txt', text: 'The word of the day is marmalade.\n', word: 'marmalade' };

/** What is asked of an agent. Its second turn goes on with the first one's session. */
export const tasks = {
  answer: 'Say hello. [[echo:let me think about it, lighthouse one]]',
  secondTurn: 'Thank you. [[echo:let me think about it, lighthouse two]]',
  /** @param {string} call a tool's name and arguments, as the model is to call it */
  call: (call) => `What is the word of the day in ${note.name}? [[call:${call}]]`,
};

/** Runs an agent's program in the trial's project. @returns what it printed @throws when it failed */
export async function runAgent(trial, command, env) {
  writeFileSync(join(trial.project, note.name), note.text);
  const ended = await run(command, { cwd: trial.project, env: { ...bareEnvironment(trial.home), ...env }, timeoutMs });
  if (trial.verbose) process.stdout.write(`${ended.stdout}\n${lastLines(ended.stderr, 40)}\n`);
  if (ended.code === 0) return ended.stdout;
  const how = ended.timedOut ? `ran longer than ${timeoutMs / 1e3} s` : `exit code ${ended.code}`;
  throw new Error(`${how}: ${lastLines(`${ended.stdout}\n${ended.stderr}`, 4)}`);
}

/** What each case of an agent must come to: its own words are not the model's in every case, so the tool's word is looked for in what it sent. */
export const agentExpected = {
  answer: { text: /lighthouse one/ },
  tools: { text: /lighthouse two/, calls: undefined, sent: note.word },
  stream: { text: undefined, calls: undefined, deltas: undefined },
};

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
