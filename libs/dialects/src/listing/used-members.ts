import type { Capability, ModelType } from '@orgn/contracts';
import type { z } from 'zod';
import { chatRequest } from '../chat/chat-request.ts';
import { embeddingRequest } from '../embeddings/embedding-request.ts';
import { rerankRequest } from '../rerank/rerank-request.ts';
import { transcriptionFields } from '../transcriptions/transcription-request.ts';
import { listedMembers } from './listed-members.ts';

/** The request that a model of each type is made for. */
const requests: Record<ModelType, z.ZodObject> = {
  chat: chatRequest,
  embedding: embeddingRequest,
  rerank: rerankRequest,
  transcription: transcriptionFields,
};

/** What a request is about and whom it goes to, which every model takes and nobody sets as a parameter. */
const content = /^(model|models|messages|input|query|documents|file|stream|user|metadata|safety_identifier)$/;

/** Members that only models with a capability have a use for. */
const needs: readonly [Capability, RegExp][] = [
  ['tools', /^(tools|tool_choice|parallel_tool_calls|functions|function_call)$/],
  ['json_schema', /^response_format$/],
  ['reasoning', /^(reasoning|reasoning_effort|include_reasoning|thinking|enable_thinking|thinking_budget)$/],
];

/** The members of a request that decide something for a model of this type with these capabilities, in alphabetical order. */
export function usedMembers(type: ModelType, capabilities: readonly Capability[]): string[] {
  const isWanted = (name: string) =>
    !content.test(name) && needs.every(([capability, names]) => !names.test(name) || capabilities.includes(capability));
  return listedMembers(requests[type])
    .filter(({ fate, path }) => fate === 'used' && isWanted(path))
    .map(({ path }) => path);
}
