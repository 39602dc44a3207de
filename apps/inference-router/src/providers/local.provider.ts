import type { Provider } from './provider.ts';

/** Any OpenAI-compatible endpoint that the operator runs. */
export const local: Provider = {
  members: {},
  engine: 'vllm',
  whenCallerLeaves: 'abort',
  hasTokenChunks: false,
  hidesIds: false,
};
