import { npm } from '../installs/npm.mjs';
import { nodeProgram } from './library.mjs';

/** The official SDK, every major that is in use. The set-up is told once. */
export const openaiNode = [7, 6, 5, 4].map((major) => ({
  name: `openai-node-${major}`,
  title: `openai (Node) ${major}`,
  ...(major === 7 && {
    heading: 'openai (Node)',
    setup: {
      language: 'ts',
      lines: [
        "const openai = new OpenAI({ baseURL: 'http://127.0.0.1:8080/v1', apiKey: 'sk-ollm-…' });",
        "await openai.chat.completions.create({ model: 'near_qwen3_30b', messages });",
      ],
    },
    notes: [
      'Responses are not kept: `previous_response_id`, `conversation` and `item_reference` are refused. Send the items themselves, with ' +
        '`store: false` and `include: ["reasoning.encrypted_content"]`.',
    ],
  }),
  install: npm(`openai@${major}`),
  run: nodeProgram('openai.mjs'),
}));
