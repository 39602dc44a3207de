import { bin, npm } from '../installs/npm.mjs';
import { agentExpected, agentRun, runAgent } from './agent.mjs';

export const copilot = {
  name: 'copilot',
  title: 'Copilot CLI',
  setup: {
    lines: [
      `export COPILOT_PROVIDER_BASE_URL=http://127.0.0.1:8080/v1 COPILOT_PROVIDER_API_KEY=sk-ollm-…`,
      'COPILOT_MODEL=near_qwen3_30b copilot',
    ],
  },
  install: npm('@github/copilot'),
  run: agentRun(askCopilot, { call: (path) => `view ${JSON.stringify({ path })}` }),
  expected: agentExpected,
};

async function askCopilot({ trial, api, prompt, previous }) {
  const env = {
    COPILOT_PROVIDER_BASE_URL: `${api}/v1`,
    COPILOT_PROVIDER_API_KEY: trial.key,
    COPILOT_MODEL: trial.model,
    COPILOT_OFFLINE: 'true',
    COPILOT_AUTO_UPDATE: 'false',
  };
  const flags = ['-p', prompt, '-s', '--allow-all-tools', '--allow-all-paths', ...(previous ? ['--continue'] : [])];
  return { text: await runAgent(trial, [bin(trial.folder, 'copilot'), ...flags], env) };
}
