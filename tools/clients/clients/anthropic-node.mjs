import { npm } from '../installs/npm.mjs';
import { nodeProgram } from './library.mjs';

/** Anthropic's official SDK, both majors. */
export const anthropicNode = [1, 0].map((major) => ({
  name: `anthropic-node-${major}`,
  title: `@anthropic-ai/sdk ${major}`,
  ...(major === 1 && {
    heading: '@anthropic-ai/sdk',
    setup: {
      language: 'ts',
      lines: [
        "const anthropic = new Anthropic({ baseURL: 'http://127.0.0.1:8080', apiKey: 'sk-ollm-…' });",
        "await anthropic.messages.create({ model: 'near_qwen3_30b', max_tokens: 1000, messages });",
      ],
    },
  }),
  install: npm(`@anthropic-ai/sdk@${major}`),
  run: nodeProgram('anthropic.mjs'),
}));
