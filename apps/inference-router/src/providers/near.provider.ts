import type { Provider } from './provider.ts';

/** NEAR AI direct completions: vLLM behind the enclave's own TLS. */
export const near: Provider = {
  members: {},
  engine: 'vllm',
  whenCallerLeaves: 'abort',
  hasTokenChunks: true,
  hidesIds: false,
};
