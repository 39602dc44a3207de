import type { Capability } from '@orgn/contracts';

/** As much of a chat request as tells what it asks of a model. */
export interface ChatShape {
  messages: readonly { content?: unknown }[];
  tools?: readonly unknown[] | null | undefined;
  functions?: readonly unknown[] | null | undefined;
  modalities?: readonly string[] | null | undefined;
  response_format?: { type: string } | null | undefined;
}

const capabilityOfPart: Readonly<Record<string, Capability>> = {
  image_url: 'vision',
  input_audio: 'audio',
  file: 'files',
};

/** What a chat request asks of its model besides chatting, and how many images are in it. */
export function chatFeatures(request: ChatShape): { needs: readonly Capability[]; images: number } {
  const parts = request.messages.flatMap(({ content }) => (Array.isArray(content) ? content.map(typeOf) : []));
  const needs = new Set<Capability>(parts.flatMap((type) => capabilityOfPart[type] ?? []));
  if (hasItems(request.tools) || hasItems(request.functions)) needs.add('tools');
  if (request.response_format?.type === 'json_schema') needs.add('json_schema');
  if (request.modalities?.includes('audio')) needs.add('audio');
  return { needs: [...needs], images: parts.filter((type) => type === 'image_url').length };
}

/** Whether the request has parts that a tokenizer does not read, and whose tokens their bytes do not bound. */
export function hasMedia(request: ChatShape): boolean {
  return request.messages.some(
    ({ content }) => Array.isArray(content) && content.some((part) => Object.hasOwn(capabilityOfPart, typeOf(part))),
  );
}

function typeOf(part: unknown): string {
  const type = (part as { type?: unknown } | null)?.type;
  return typeof type === 'string' ? type : '';
}

const hasItems = (list: readonly unknown[] | null | undefined) => (list ?? []).length > 0;
