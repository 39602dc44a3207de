import { bin, npm } from '../installs/npm.mjs';
import { agentExpected, agentRun, jsonLines, place, runAgent, textsOf } from './agent.mjs';

export const openCode = {
  name: 'opencode',
  title: 'OpenCode',
  setup: {
    language: 'json',
    lines: JSON.stringify(openCodeConfig('http://127.0.0.1:8080', 'near_qwen3_30b'), null, 2).split('\n'),
  },
  notes: ['That is `opencode.json`; then `ORGN_API_KEY=sk-ollm-… opencode --model orgn/near_qwen3_30b`.'],
  install: npm('opencode-ai'),
  run: agentRun(askOpenCode, { call: (path) => `read ${JSON.stringify({ filePath: path })}` }),
  expected: agentExpected,
};

function openCodeConfig(api, model) {
  return {
    provider: {
      orgn: {
        npm: '@ai-sdk/openai-compatible',
        options: { baseURL: `${api}/v1`, apiKey: '{env:ORGN_API_KEY}' },
        models: { [model]: {} },
      },
    },
  };
}

async function askOpenCode({ trial, api, prompt, previous }) {
  const file = place(trial.project, 'opencode.json', JSON.stringify(openCodeConfig(api, trial.model)));
  const quiet = {
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  };
  const env = { ...quiet, OPENCODE_CONFIG: file, ORGN_API_KEY: trial.key };
  const flags = ['run', '--format', 'json', '--model', `orgn/${trial.model}`, ...(previous ? ['--continue'] : [])];
  // It puts words with blanks in them into quotation marks, and escapes what they hold.
  const words = prompt.split(' ');
  const events = jsonLines(await runAgent(trial, [bin(trial.folder, 'opencode'), ...flags, ...words], env));
  const steps = events.filter(({ type }) => type === 'step_finish').map(({ part }) => part.tokens);
  return {
    text: textsOf(events.filter(({ type }) => type === 'text').map(({ part }) => part.text)),
    // It does not count what it asks titles with.
    shows: steps.map(({ input, output, reasoning, cache }) => ({
      input: input + cache.read,
      output: output + reasoning,
    })),
  };
}
