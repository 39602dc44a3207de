import type { Model } from '@orgn/contracts';

/** A model of the catalogue for tests: a chat model with all that such a model can do. */
export function makeModel(overrides: Partial<Model> = {}): Model {
  return {
    id: 'near_qwen3_30b',
    provider: 'near',
    execution: 'tee',
    type: 'chat',
    displayName: 'Qwen3 30B',
    ownedBy: 'qwen',
    capabilities: ['chat', 'completions', 'tools', 'json_schema'],
    inputModalities: ['text'],
    outputModalities: ['text'],
    context: 8_192,
    maxOutput: 1_024,
    defaultOutput: 256,
    price: { input: '1', output: '1' },
    promptCaching: false,
    isSample: true,
    ...overrides,
  };
}
