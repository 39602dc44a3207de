import type { ResponseRequest } from './response-request.ts';

/** What `include` asks for sealed reasoning by. */
export const SEALED_REASONING = 'reasoning.encrypted_content';

/** The sealed reasoning that stands in a request: the index of its item, its path, and the seal. */
export function sealedReasoningOf({ input }: ResponseRequest) {
  if (typeof input === 'string') return [];
  return input.flatMap((item, index) => {
    const sealed = 'role' in item || item.type !== 'reasoning' ? undefined : item.encrypted_content;
    return sealed ? [{ index, path: `input[${index}].encrypted_content`, sealed }] : [];
  });
}
