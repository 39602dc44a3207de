import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pip } from '../installs/pip.mjs';
import { place, runAgent } from './agent.mjs';

const file = 'note.txt';
const filler = 'let me think about it,';
/** What it reads as the file's new text. */
const edit = `${file}\n\`\`\`\nThe word of the day is honey.\n\`\`\`\n`;

/** It calls no tools: it reads changes of files out of the text. */
export const aider = {
  name: 'py-aider',
  title: 'aider',
  setup: {
    lines: [
      'export OPENAI_API_BASE=http://127.0.0.1:8080/v1 OPENAI_API_KEY=sk-ollm-…',
      'aider --model openai/near_qwen3_30b',
    ],
  },
  install: pip('aider-chat'),
  expected: {
    answer: { text: /lighthouse one/ },
    tools: { text: /honey[^]*lighthouse two/, calls: undefined, sent: 'honey' },
    stream: { text: /lighthouse three/, calls: undefined, deltas: undefined },
  },
  run,
};

async function run(trial) {
  place(trial.project, file, 'The word of the day is marmalade.\n');
  const say = (mark) => `Say hello. [[echo:${filler} lighthouse ${mark}]]`;
  await trial.case('answer', async (api) => ({ text: await ask(trial, api, say('one')) }));
  await trial.case('tools', async (api) => {
    await ask(trial, api, `Make it honey. [[echo:${filler}\n\n${edit}]]`);
    const said = await ask(trial, api, say('two'), ['--restore-chat-history']);
    return { text: `${readFileSync(join(trial.project, file), 'utf8')} ${said}` };
  });
  await trial.case('stream', async (api) => ({ text: await ask(trial, api, say('three'), ['--stream']) }));
}

function ask(trial, api, message, more = []) {
  // A price list that is new enough: it would fetch one else.
  place(trial.home, '.aider/caches/model_prices_and_context_window.json', '{}');
  const quiet = ['--no-check-update', '--analytics-disable', '--no-show-model-warnings', '--no-show-release-notes'];
  const flags = [
    '--model',
    `openai/${trial.model}`,
    '--edit-format',
    'whole',
    '--yes-always',
    '--no-git',
    '--no-pretty',
    ...quiet,
    ...more,
  ];
  const env = { OPENAI_API_BASE: `${api}/v1`, OPENAI_API_KEY: trial.key, LITELLM_LOCAL_MODEL_COST_MAP: 'True' };
  return runAgent(trial, [join(trial.folder, 'bin/aider'), ...flags, '--message', message, file], env);
}
