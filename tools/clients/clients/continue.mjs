import { bin, npm } from '../installs/npm.mjs';
import { agentExpected, agentRun, place, runAgent } from './agent.mjs';

export const continueCli = {
  name: 'continue',
  title: 'Continue',
  setup: {
    language: 'yaml',
    lines: continueConfig(`http://127.0.0.1:8080`, 'near_qwen3_30b', 'sk-ollm-…').trim().split('\n'),
  },
  notes: ['That is `config.yaml`; then `cn --config config.yaml`.'],
  install: npm('@continuedev/cli'),
  run: agentRun(askContinue, { call: (path) => `Read ${JSON.stringify({ filepath: path })}` }),
  expected: agentExpected,
};

function continueConfig(api, model, key) {
  return `name: ORGN
version: 1.0.0
schema: v1
models:
  - name: ${model}
    provider: openai
    model: ${model}
    apiBase: ${api}/v1
    apiKey: ${key}
    capabilities: [tool_use]
    roles: [chat]
`;
}

async function askContinue({ trial, api, prompt, previous }) {
  const file = place(trial.home, 'config.yaml', continueConfig(api, trial.model, trial.key));
  const env = { CONTINUE_TELEMETRY_ENABLED: '0', CONTINUE_CLI_ENABLE_TELEMETRY: '0', CI: '1' };
  const flags = ['-p', prompt, '--config', file, '--auto', ...(previous ? ['--resume'] : [])];
  return { text: await runAgent(trial, [bin(trial.folder, 'cn'), ...flags], env) };
}
