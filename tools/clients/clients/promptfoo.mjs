import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, npm } from '../installs/npm.mjs';
import { prompts } from '../trial/prompts.mjs';
import { runAgent, sum } from './agent.mjs';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ type: 'function', function: { name: 'get_weather', parameters } }];

/** It calls functions itself, and streams nothing. */
export const promptfoo = {
  name: 'promptfoo',
  title: 'promptfoo',
  setup: {
    language: 'yaml',
    lines: [
      "providers: [{ id: 'openai:chat:near_qwen3_30b', config: { apiBaseUrl: 'http://127.0.0.1:8080/v1', apiKeyEnvar: ORGN_API_KEY } }]",
      "# with Anthropic's dialect: id 'anthropic:messages:near_qwen3_30b', apiBaseUrl 'http://127.0.0.1:8080', the key in ANTHROPIC_API_KEY",
    ],
  },
  install: npm('promptfoo'),
  without: ['stream'],
  expected: { tools: { text: /Bern/, calls: undefined } },
  run,
};

async function run(trial) {
  await trial.case('answer', (api) => evaluate(trial, providersAt(api, trial.model), prompts.answer));
  await trial.case('tools', (api) => evaluate(trial, providersAt(api, trial.model, { tools }), prompts.firstTurn));
}

function providersAt(api, model, config = {}) {
  const openai = { apiBaseUrl: `${api}/v1`, apiKeyEnvar: 'ORGN_API_KEY', ...config };
  const flat = config.tools?.map(({ function: definition }) => ({ type: 'function', ...definition }));
  const named = config.tools?.map(({ function: { name } }) => ({ name, input_schema: parameters }));
  return [
    { id: `openai:chat:${model}`, config: openai },
    { id: `openai:responses:${model}`, config: { ...openai, ...(flat && { tools: flat }) } },
    { id: `anthropic:messages:${model}`, config: { apiBaseUrl: api, ...(named && { tools: named }) } },
  ];
}

/** The shortest of what the providers answered stands for all. */
async function evaluate(trial, providers, prompt) {
  const [config, output] = ['promptfooconfig.json', 'results.json'].map((name) => join(trial.project, name));
  // Braces are its template language's.
  const asked = '{{ asked | safe }}';
  writeFileSync(config, JSON.stringify({ prompts: [asked], providers, tests: [{ vars: { asked: prompt } }] }));
  const env = {
    ORGN_API_KEY: trial.key,
    ANTHROPIC_API_KEY: trial.key,
    PROMPTFOO_DISABLE_TELEMETRY: '1',
    PROMPTFOO_DISABLE_UPDATE: '1',
    PROMPTFOO_DISABLE_REMOTE_GENERATION: 'true',
    PROMPTFOO_CONFIG_DIR: join(trial.home, '.promptfoo'),
  };
  const flags = ['eval', '-c', config, '-o', output, '--no-cache', '--no-progress-bar', '--no-table', '-j', '1'];
  await runAgent(trial, [bin(trial.folder, 'promptfoo'), ...flags], env);
  const { results } = JSON.parse(readFileSync(output, 'utf8')).results;
  const failed = results.find(({ error }) => error);
  if (failed) throw new Error(`${failed.provider.id}: ${failed.error}`);
  const texts = results.map(({ response }) => JSON.stringify(response.output));
  const usages = results.map(({ response: { tokenUsage } }) => ({
    input: tokenUsage.prompt,
    output: tokenUsage.completion,
  }));
  return { text: texts.toSorted((one, other) => one.length - other.length)[0], usage: sum(...usages) };
}
