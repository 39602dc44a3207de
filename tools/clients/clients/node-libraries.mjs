import { npm } from '../installs/npm.mjs';
import { nodeProgram } from './library.mjs';

/** Libraries of Node on top of the official SDKs. */
export const nodeLibraries = [
  {
    name: 'langchain-js',
    title: 'LangChain.js',
    setup: {
      language: 'ts',
      lines: [
        "new ChatOpenAI({ model: 'near_qwen3_30b', apiKey: 'sk-ollm-…', configuration: { baseURL: 'http://127.0.0.1:8080/v1' } });",
        "new ChatAnthropic({ model: 'near_qwen3_30b', apiKey: 'sk-ollm-…', anthropicApiUrl: 'http://127.0.0.1:8080' });",
      ],
    },
    notes: [
      'With `useResponsesApi: true` set `zdrEnabled: true`, so that it sends items instead of references.',
      'Of a stream of `ChatAnthropic` it takes the input tokens from the first event, where they are an estimate: the ledger is right.',
    ],
    expected: { stream: { estimatesInput: true } },
    install: npm('@langchain/openai', '@langchain/anthropic', '@langchain/core', 'zod'),
    run: nodeProgram('langchain.mjs'),
  },
  {
    name: 'openai-agents-js',
    title: '@openai/agents',
    setup: {
      language: 'ts',
      lines: [
        "const client = new OpenAI({ baseURL: 'http://127.0.0.1:8080/v1', apiKey: 'sk-ollm-…' });",
        "new Agent({ name, model: new OpenAIResponsesModel(client, 'near_qwen3_30b'), modelSettings: { store: false } });",
      ],
    },
    notes: ['It sends traces to its vendor unless `setTracingDisabled(true)` is called.'],
    install: npm('@openai/agents', 'openai', 'zod'),
    run: nodeProgram('openai-agents.mjs'),
  },
  {
    name: 'multi-llm-ts',
    title: 'multi-llm-ts',
    setup: {
      language: 'ts',
      lines: [
        "igniteEngine('openai', { apiKey: 'sk-ollm-…', baseURL: 'http://127.0.0.1:8080/v1' });",
        "igniteEngine('anthropic', { apiKey: 'sk-ollm-…', baseURL: 'http://127.0.0.1:8080' });",
      ],
    },
    notes: ['Streamed from messages, it shows the estimate of the first event as input tokens: the ledger is right.'],
    expected: { stream: { estimatesInput: true } },
    install: npm('multi-llm-ts'),
    run: nodeProgram('multi-llm.mjs'),
  },
];
