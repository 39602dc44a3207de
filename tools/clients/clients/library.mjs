import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { python } from '../installs/pip.mjs';
import { lastLines, bareEnvironment, run } from '../processes.mjs';
import { prompts, toolResult } from '../trial/prompts.mjs';

const timeoutMs = 240_000;
const programs = join(import.meta.dirname, '../programs');
export const caseNames = ['answer', 'tools', 'stream'];

/**
 * How a library is tried: a program of ours that uses it, once for all cases. The program gets its orders in the environment and
 * prints a JSON line `{ case, … }` for each.
 * @param {string} file the program, under programs/node
 * @param {object} [options] see `runProgram`
 */
export function nodeProgram(file, options) {
  const source = join(programs, 'node', file);
  return (trial) => {
    // Beside its node_modules, where imports are looked up.
    for (const name of [file, 'cases.mjs'])
      copyFileSync(join(programs, 'node', name), join(trial.folder, basename(name)));
    return runProgram(trial, [process.execPath, join(trial.folder, basename(source))], options);
  };
}

/** The same for a program under programs/python. */
export function pythonProgram(file, options) {
  return (trial) =>
    runProgram(trial, [python(trial.folder), join(programs, 'python', file), ...(options?.args ?? [])], options);
}

/**
 * Has a program do all cases.
 * @param {{ names?: string[], args?: string[], env?: Record<string, string> }} [options] what it can do and needs
 */
export async function runProgram(trial, command, { names = caseNames, env: more = {} } = {}) {
  await trial.cases(names, async (urls) => {
    const orders = {
      CASES: JSON.stringify(urls),
      API_KEY: trial.key,
      MODEL: trial.model,
      PROMPTS: JSON.stringify(prompts),
    };
    const env = {
      ...bareEnvironment(trial.home),
      ...quiet,
      ...more,
      ...orders,
      TOOL_RESULT: toolResult('{city}'),
      ...(trial.verbose && { VERBOSE: '1' }),
    };
    const ended = await run(command, { cwd: trial.project, env, timeoutMs });
    if (trial.verbose) process.stdout.write(`${ended.stdout}\n${lastLines(ended.stderr, 60)}\n`);
    const results = linesOf(ended.stdout);
    const how = ended.timedOut ? 'ran too long' : lastLines(ended.stderr, 6);
    return Object.fromEntries(names.map((name) => [name, results[name] ?? { error: `no result: ${how}` }]));
  });
}

/** Nothing is to be sent anywhere but to the gateway. */
const quiet = {
  DO_NOT_TRACK: '1',
  OTEL_SDK_DISABLED: 'true',
  OPENAI_AGENTS_DISABLE_TRACING: '1',
  CREWAI_DISABLE_TELEMETRY: 'true',
  CREWAI_TRACING_ENABLED: 'false',
  LITELLM_LOCAL_MODEL_COST_MAP: 'True',
  ANONYMIZED_TELEMETRY: 'False',
  PYTHONUNBUFFERED: '1',
  PYTHONDONTWRITEBYTECODE: '1',
};

function linesOf(text) {
  const lines = text.split('\n').filter((line) => line.startsWith('{"case":'));
  return Object.fromEntries(lines.map((line) => JSON.parse(line)).map((result) => [result.case, result]));
}
