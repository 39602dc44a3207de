import { bin, npm } from '../installs/npm.mjs';
import { agentExpected, agentRun, place, runAgent } from './agent.mjs';

export const qwenCode = {
  name: 'qwen-code',
  title: 'Qwen Code',
  setup: {
    lines: [
      `export OPENAI_BASE_URL=http://127.0.0.1:8080/v1 OPENAI_API_KEY=sk-ollm-…`,
      'OPENAI_MODEL=near_qwen3_30b qwen --auth-type openai',
    ],
  },
  install: npm('@qwen-code/qwen-code'),
  run: agentRun(askQwen, {
    call: (path) => `read_file ${JSON.stringify({ file_path: path })}`,
    countsSession: true,
  }),
  expected: agentExpected,
};

async function askQwen({ trial, api, prompt, previous }) {
  const env = { OPENAI_BASE_URL: `${api}/v1`, OPENAI_API_KEY: trial.key, OPENAI_MODEL: trial.model };
  place(
    trial.home,
    '.qwen/settings.json',
    JSON.stringify({ privacy: { usageStatisticsEnabled: false }, general: { enableAutoUpdate: false } }),
  );
  const flags = ['-p', prompt, '-o', 'json', '--yolo', '--auth-type', 'openai', ...(previous ? ['--continue'] : [])];
  const printed = await runAgent(trial, [bin(trial.folder, 'qwen'), ...flags], env);
  const result = JSON.parse(printed.slice(printed.indexOf('['))).findLast(({ type }) => type === 'result');
  return { text: result.result, usage: { input: result.usage.input_tokens, output: result.usage.output_tokens } };
}
