import type { Provider } from './provider.ts';

/** Phala confidential models: OpenAI-compatible engines behind a dstack proxy. */
export const phala: Provider = {
  members: {},
  engine: 'vllm',
  whenCallerLeaves: 'abort',
  hasTokenChunks: true,
  hidesIds: false,
};
