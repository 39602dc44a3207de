import { npm } from '../installs/npm.mjs';
import { nodeProgram } from './library.mjs';

/** Which majors of the providers belong to which line. */
const lines = { 7: [4, 4, 3], 6: [3, 3, 2], 5: [2, 2, 1] };

/** Vercel's AI SDK with each of its providers that speaks a dialect of ours. */
export const aiSdk = Object.entries(lines)
  .toReversed()
  .map(([line, [openai, anthropic, compatible]]) => ({
    name: `ai-sdk-${line}`,
    title: `AI SDK ${line}`,
    ...(line === '7' && {
      heading: 'AI SDK',
      setup: {
        language: 'ts',
        lines: [
          "const orgn = createOpenAICompatible({ name: 'orgn', baseURL: 'http://127.0.0.1:8080/v1', apiKey: 'sk-ollm-…' });",
          "await generateText({ model: orgn('near_qwen3_30b'), prompt });",
        ],
      },
      notes: [
        '`createOpenAI` speaks responses and takes it that they are kept: its second turn sends `item_reference`. Give it ' +
          "`providerOptions: { openai: { store: false, include: ['reasoning.encrypted_content'] } }`, or use `openai.chat(…)`.",
        "`createAnthropic` takes `baseURL: 'http://127.0.0.1:8080/v1'`, and limits the output of models that it does not know to " +
          '4096 tokens: set `maxOutputTokens`.',
      ],
    }),
    install: npm(
      `ai@${line}`,
      `@ai-sdk/openai@${openai}`,
      `@ai-sdk/anthropic@${anthropic}`,
      `@ai-sdk/openai-compatible@${compatible}`,
      'zod',
    ),
    run: nodeProgram('ai-sdk.mjs'),
  }));
