import { answerChat } from './chat/answer-chat.ts';
import { answerCompletion } from './completions/answer-completion.ts';
import { answerEmbeddings } from './embeddings/answer-embeddings.ts';
import type { Answerer } from './exchange/call.ts';
import { answerRerank } from './rerank/answer-rerank.ts';
import { answerTranscription } from './transcriptions/answer-transcription.ts';

/** What each endpoint below a provider's `/v1/` answers with. */
export const answerers: ReadonlyMap<string, Answerer> = new Map([
  ['chat/completions', answerChat],
  ['completions', answerCompletion],
  ['embeddings', answerEmbeddings],
  ['rerank', answerRerank],
  ['audio/transcriptions', answerTranscription],
]);
