import { bin, npm } from '../installs/npm.mjs';
import { agentExpected, agentRun, runAgent, sum } from './agent.mjs';
import { nodeProgram } from './library.mjs';

/** Nothing but the model is to be asked. */
export const quietClaude = {
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_BUG_COMMAND: '1',
};

/** It asks whether anybody is there; no answer but a refused connection would mean anything to it. */
const isProbe = ({ method, path }) => method === 'HEAD' && path === '/api/hello';

export const claude = [
  {
    name: 'claude-code',
    title: 'Claude Code',
    setup: {
      lines: [
        'export ANTHROPIC_BASE_URL=http://127.0.0.1:8080 ANTHROPIC_AUTH_TOKEN=sk-ollm-… ANTHROPIC_DEFAULT_HAIKU_MODEL=near_qwen3_30b',
        'CLAUDE_CODE_MAX_CONTEXT_TOKENS=262144 claude --model near_qwen3_30b',
      ],
    },
    notes: ['Titles and summaries are asked of the small model, which the first line names too.'],
    install: npm('@anthropic-ai/claude-code'),
    expected: agentExpected,
    recovers: isProbe,
    run: agentRun(ask, { call: (path) => `Read ${JSON.stringify({ file_path: path })}`, countsSession: true }),
  },
  {
    name: 'claude-agent-sdk',
    title: 'Claude Agent SDK',
    setup: {
      language: 'ts',
      lines: [
        "const env = { ...process.env, ANTHROPIC_BASE_URL: 'http://127.0.0.1:8080', ANTHROPIC_AUTH_TOKEN: 'sk-ollm-…' };",
        "for await (const message of query({ prompt, options: { model: 'near_qwen3_30b', env } })) console.log(message);",
      ],
    },
    install: npm('@anthropic-ai/claude-agent-sdk', 'zod'),
    recovers: isProbe,
    run: nodeProgram('claude-agent.mjs', { env: quietClaude }),
  },
];

async function ask({ trial, api, prompt, previous, streams }) {
  const env = {
    ...quietClaude,
    ANTHROPIC_BASE_URL: api,
    ANTHROPIC_AUTH_TOKEN: trial.key,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: trial.model,
  };
  const format = streams ? ['stream-json', '--include-partial-messages', '--verbose'] : ['json'];
  const resumed = previous ? ['--resume', previous.session] : [];
  const flags = ['-p', prompt, '--model', trial.model, '--output-format', ...format, ...resumed];
  const lines = (await runAgent(trial, [bin(trial.folder, 'claude'), ...flags], env)).trim().split('\n');
  const result = JSON.parse(lines.at(-1));
  if (result.is_error) throw new Error(result.result);
  return { text: result.result, session: result.session_id, usage: usageOf(result) };
}

/** All models of the session together: titles and summaries are asked of the small one. */
function usageOf({ modelUsage }) {
  const all = Object.values(modelUsage).map((figures) => ({
    input: figures.inputTokens + figures.cacheReadInputTokens + figures.cacheCreationInputTokens,
    output: figures.outputTokens,
  }));
  return sum(...all);
}
