import { npm, bin } from '../installs/npm.mjs';
import { agentExpected, note, runAgent, tasks } from './agent.mjs';

const quiet = {
  DISABLE_AUTOUPDATER: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_BUG_COMMAND: '1',
};

export const claudeCode = {
  name: 'claude-code',
  title: 'Claude Code',
  setup: {
    lines: [
      'export ANTHROPIC_BASE_URL=http://127.0.0.1:8080 ANTHROPIC_AUTH_TOKEN=sk-ollm-… ANTHROPIC_DEFAULT_HAIKU_MODEL=near_qwen3_30b',
      'CLAUDE_CODE_MAX_CONTEXT_TOKENS=262144 claude --model near_qwen3_30b',
    ],
  },
  install: npm('@anthropic-ai/claude-code'),
  expected: agentExpected,
  // It asks whether anybody is there; no answer but a refused connection would mean anything to it.
  recovers: ({ method, path }) => method === 'HEAD' && path === '/api/hello',
  run: runClaude,
};

async function runClaude(trial) {
  const { ask } = claudeAt(trial);
  await trial.case('answer', (api) => ask(api, tasks.answer));
  await trial.case('tools', async (api) => {
    const path = `${trial.project}/${note.name}`;
    const first = await ask(api, tasks.call(`Read ${JSON.stringify({ file_path: path })}`));
    // What it counts is the whole session's.
    return ask(api, tasks.secondTurn, ['--resume', first.session]);
  });
  await trial.case('stream', (api) =>
    ask(api, tasks.answer, ['--include-partial-messages', '--verbose'], 'stream-json'),
  );
}

function claudeAt(trial) {
  const program = bin(trial.folder, 'claude');
  return {
    async ask(api, prompt, flags = [], format = 'json') {
      const env = {
        ...quiet,
        ANTHROPIC_BASE_URL: api,
        ANTHROPIC_AUTH_TOKEN: trial.key,
        ANTHROPIC_DEFAULT_HAIKU_MODEL: trial.model,
      };
      const all = ['-p', prompt, '--model', trial.model, '--output-format', format, ...flags];
      const lines = (await runAgent(trial, [program, ...all], env)).trim().split('\n');
      const result = JSON.parse(lines.at(-1));
      if (result.is_error) throw new Error(result.result);
      return { text: result.result, session: result.session_id, usage: usageOf(result), deltas: lines.length };
    },
  };
}

/** All models of the session together: titles and summaries are asked of the small one. */
function usageOf({ modelUsage }) {
  const usage = { input: 0, output: 0 };
  for (const { inputTokens, cacheReadInputTokens, cacheCreationInputTokens, outputTokens } of Object.values(
    modelUsage,
  )) {
    usage.input += inputTokens + cacheReadInputTokens + cacheCreationInputTokens;
    usage.output += outputTokens;
  }
  return usage;
}
