import { readListAnswer, type AnswerParts } from '../answer/answer-parts.ts';

/** Reads a rerank answer. @returns undefined when the bytes are not the JSON object they should be */
export function readRerankAnswer(json: Buffer): AnswerParts | undefined {
  return readListAnswer(json, 'results');
}
