export { parseOrUndefined, reportsError } from './answer/answer-parts.ts';
export { idEdit, modelEdit, outermost, usageCostEdit, usageDenial, usageRemoval } from './answer/answer-edits.ts';
export type { AnswerParts } from './answer/answer-parts.ts';
export { hiddenRemovals } from './answer/hidden-members.ts';
export type { ProviderUsage } from './answer/provider-usage.ts';
export {
  audioUsage,
  inputUsage,
  rerankUsage,
  tokenUsage,
  usageEdits,
  usageText,
  type UsageForm,
} from './answer/told-usage.ts';
export { readChatAnswer, type ChatAnswerParts } from './chat/chat-answer.ts';
export { measureChat } from './bounding/measure-chat.ts';
export { measureCompletion, measureEmbedding, measureRerank, measureTranscription } from './bounding/measure-input.ts';
export { measureMessage, measureResponse } from './bounding/measure-translated.ts';
export type { PromptMeasure, RequestMeasure } from './bounding/prompt-measure.ts';
export {
  completionBound,
  promptBound,
  usageBounds,
  type BoundingModel,
  type UsageBounds,
} from './bounding/usage-bounds.ts';
export { chatRequestEdits, type ChatRequestChanges } from './chat/chat-request-edits.ts';
export { chatRequest, type ChatRequest } from './chat/chat-request.ts';
export { chatForm, parseChatRequest } from './chat/parse-chat-request.ts';
export { readCompletionAnswer } from './completions/completion-answer.ts';
export { completionRequestEdits } from './completions/completion-request-edits.ts';
export { completionRequest, type CompletionRequest } from './completions/completion-request.ts';
export { completionForm } from './completions/parse-completion-request.ts';
export { readEmbeddingAnswer } from './embeddings/embedding-answer.ts';
export { vectorEdits } from './embeddings/embedding-encoding.ts';
export { embeddingRequestEdits } from './embeddings/embedding-request-edits.ts';
export { embeddingRequest, type EmbeddingRequest } from './embeddings/embedding-request.ts';
export { embeddingForm, parseEmbeddingRequest } from './embeddings/parse-embedding-request.ts';
export { toAnthropicError, type AnthropicError } from './errors/anthropic-error.ts';
export { type TokenCount } from './counting/count-prompt.ts';
export { estimatePromptTokens, sampledTokens, samplePrompt } from './counting/estimate-prompt.ts';
export type { PromptSample } from './counting/prompt-sample.ts';
export { estimateTokens } from './counting/estimate-tokens.ts';
export { tokenizerOf } from './counting/tokenizer-family.ts';
export { errorDocs } from './errors/error-docs.ts';
export { DISPATCH_ERROR_TYPE, WITHHELD_HEADER, dispatchError, type DispatchError } from './errors/dispatch-error.ts';
export { narrowed, readTeeDemands, REQUIRE_HEADER, type TeeDemands } from './demands/tee-demands.ts';
export { toOpenAiError, type OpenAiError } from './errors/openai-error.ts';
export { elementsOf } from './json/json-elements.ts';
export { membersOf, type JsonMember } from './json/json-members.ts';
export { withoutByteOrderMark } from './json/byte-order-mark.ts';
export { splice, splicePieces, type Edit } from './json/splice.ts';
export { parseStrictJson } from './json/strict-json.ts';
export { formType } from './multipart/form-type.ts';
export { knownMember } from './listing/known-members.ts';
export { usedMembers } from './listing/used-members.ts';
export { table } from './markdown/table.ts';
export { countTokens } from './messages/count-tokens.ts';
export {
  messageRequest,
  tokenCountRequest,
  type MessageRequest,
  type TokenCountRequest,
} from './messages/message-request.ts';
export { MessageStream, messageErrorEvent, toMessage, type MessageContext } from './messages/message-stream.ts';
export { messageToChatRequest } from './messages/message-to-chat-request.ts';
export { messageForm, parseMessageRequest, tokenCountForm } from './messages/parse-message-request.ts';
export { DROPPED_HEADER, DroppedNames } from './reading/dropped-names.ts';
export type { ReadPolicy, ReadRequest, RequestForm } from './reading/request-form.ts';
export { untaken, type Engine } from './request/engine.ts';
export { inputCount } from './request/prompt-input.ts';
export { outputLimitOf, type LimitedRequest } from './request/output-limit.ts';
export { toText, type RequestChanges, type RequestText } from './request/request-edits.ts';
export { parseRerankRequest, rerankForm } from './rerank/parse-rerank-request.ts';
export { readRerankAnswer } from './rerank/rerank-answer.ts';
export { rerankRequestEdits } from './rerank/rerank-request-edits.ts';
export { rerankRequest, type RerankRequest } from './rerank/rerank-request.ts';
export { countResponseTokens } from './responses/count-response-tokens.ts';
export { parseResponseRequest, responseForm } from './responses/parse-response-request.ts';
export { responseRequest, type ResponseRequest } from './responses/response-request.ts';
export { ResponseStream, responseErrorEvent, toResponse, type ResponseContext } from './responses/response-stream.ts';
export { sealedReasoningOf } from './responses/sealed-reasoning.ts';
export { responseToChatRequest } from './responses/response-to-chat-request.ts';
export { dataLines, onOneLine, readEvent, type ReadEvent } from './sse/event-data.ts';
export { EventSplitter } from './sse/event-splitter.ts';
export { parseTranscriptionRequest, readTranscriptionRequest } from './transcriptions/parse-transcription-request.ts';
export { readTranscriptionAnswer } from './transcriptions/transcription-answer.ts';
export { transcriptionForm } from './transcriptions/transcription-form.ts';
export type { Form, WrittenForm } from './multipart/write-form.ts';
export { type TranscriptionRequest } from './transcriptions/transcription-request.ts';
export { ChatCallNumbers } from './sequence/chat-call-numbers.ts';
