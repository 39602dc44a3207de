import { bin, npm } from '../installs/npm.mjs';
import { agentExpected, agentRun, jsonLines, runAgent } from './agent.mjs';

export const cline = {
  name: 'cline',
  title: 'Cline',
  setup: {
    lines: [
      `cline auth openai-compatible --apikey sk-ollm-… --baseurl http://127.0.0.1:8080/v1 --modelid near_qwen3_30b`,
      'cline',
    ],
  },
  install: npm('cline'),
  run: agentRun(askCline, { call: (path) => `read_files ${JSON.stringify({ files: [{ path }] })}` }),
  expected: agentExpected,
};

/** Without a terminal it takes up no session: each prompt is one of its own. */
async function askCline({ trial, api, prompt }) {
  const program = bin(trial.folder, 'cline');
  const env = { CLINE_NO_AUTO_UPDATE: '1', CLINE_TELEMETRY_DISABLED: '1' };
  const provider = [
    'auth',
    'openai-compatible',
    '--apikey',
    trial.key,
    '--baseurl',
    `${api}/v1`,
    '--modelid',
    trial.model,
  ];
  await runAgent(trial, [program, ...provider], env);
  const flags = ['--json', '-P', 'openai-compatible', '-m', trial.model];
  const events = jsonLines(await runAgent(trial, [program, ...flags, prompt], env));
  const { text, usage } = events.findLast(({ type }) => type === 'run_result');
  return { text, usage: { input: usage.inputTokens, output: usage.outputTokens } };
}
