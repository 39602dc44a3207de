import { readListAnswer, type AnswerParts } from '../answer/answer-parts.ts';

/** Reads an embeddings answer. @returns undefined when the bytes are not the JSON object they should be */
export function readEmbeddingAnswer(json: Buffer): AnswerParts | undefined {
  return readListAnswer(json, 'data');
}
