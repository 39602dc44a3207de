import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, bin } from '../installs/npm.mjs';
import { agentExpected, agentRun, jsonLines, runAgent } from './agent.mjs';

const ownProvider = (api) => `model_provider = "orgn"
[model_providers.orgn]
name = "ORGN Gateway"
base_url = "${api}/v1"
env_key = "ORGN_API_KEY"
wire_api = "responses"
`;
const builtIn = (api) => `openai_base_url = "${api}/v1"\n`;
const quiet = '[analytics]\nenabled = false\n';

export const codex = [
  {
    name: 'codex',
    title: 'Codex, provider of its own',
    heading: 'Codex',
    setup: {
      language: 'toml',
      lines: [
        '# ~/.codex/config.toml; export ORGN_API_KEY=sk-ollm-…',
        'model = "near_qwen3_30b"',
        ...ownProvider('http://127.0.0.1:8080').trim().split('\n'),
      ],
    },
    install: npm('@openai/codex'),
    expected: agentExpected,
    run: runCodex(ownProvider),
  },
  {
    name: 'codex-builtin',
    title: 'Codex, built-in provider',
    heading: 'Codex with its built-in provider',
    setup: {
      lines: [
        'echo \'openai_base_url = "http://127.0.0.1:8080/v1"\' >> ~/.codex/config.toml',
        'echo sk-ollm-… | codex login --with-api-key && codex --model near_qwen3_30b',
      ],
    },
    notes: ['It tries a websocket first, is told 426 and goes on with HTTP.'],
    install: npm('@openai/codex'),
    expected: agentExpected,
    recovers: ({ status, path }) => status === 426 && path.startsWith('/v1/responses'),
    run: runCodex(builtIn),
  },
];

function runCodex(provider) {
  return agentRun((order) => ask(provider, order), {
    call: (path) => {
      const command = `cat ${path}`;
      return `exec_command|shell_command ${JSON.stringify({ cmd: command, command })}`;
    },
    countsSession: true,
  });
}

async function ask(provider, { trial, api, prompt, previous }) {
  const home = join(trial.home, 'codex');
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'config.toml'), `model = "${trial.model}"\n${provider(api)}${quiet}`);
  writeFileSync(join(home, 'auth.json'), JSON.stringify({ OPENAI_API_KEY: trial.key }), { mode: 0o600 });
  const flags = ['--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
  const verbs = previous ? ['exec', 'resume', '--last'] : ['exec'];
  const env = { CODEX_HOME: home, ORGN_API_KEY: trial.key };
  const events = jsonLines(await runAgent(trial, [bin(trial.folder, 'codex'), ...verbs, ...flags, prompt], env));
  const failed = events.find(({ type }) => type === 'turn.failed');
  if (failed) throw new Error(failed.error.message);
  const said = events.filter(({ type, item }) => type === 'item.completed' && item.type === 'agent_message');
  const { usage } = events.findLast(({ type }) => type === 'turn.completed');
  return { text: said.at(-1)?.item.text, usage: { input: usage.input_tokens, output: usage.output_tokens } };
}
