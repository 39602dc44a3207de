export { chatRequest, type ChatRequest } from './chat/chat-request.ts';
export { outputLimitOf, parseChatRequest } from './chat/parse-chat-request.ts';
export { chatRequestEdits, type ChatRequestChanges } from './chat/chat-request-edits.ts';
export {
  modelEdit,
  readChatAnswer,
  usageRemoval,
  type ChatAnswerParts,
  type ProviderUsage,
} from './chat/chat-answer.ts';
export { DISPATCH_ERROR_TYPE, dispatchError, type DispatchError } from './errors/dispatch-error.ts';
export { errorTable, type ErrorRow } from './errors/error-table.ts';
export { toOpenAiError, type OpenAiError } from './errors/openai-error.ts';
export { membersOf, type JsonMember } from './json/json-members.ts';
export { splice, type Edit } from './json/splice.ts';
export { parseStrictJson } from './json/strict-json.ts';
export { dataOf, type EventData } from './sse/event-data.ts';
export { EventSplitter } from './sse/event-splitter.ts';
