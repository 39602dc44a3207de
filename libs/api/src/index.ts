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
export { parseRequest } from './parse-request.ts';
export { membersOf, type JsonMember } from './json/json-members.ts';
export { splice, type Edit } from './json/splice.ts';
export { parseStrictJson } from './json/strict-json.ts';
export { dataOf, type EventData } from './sse/event-data.ts';
export { EventSplitter } from './sse/event-splitter.ts';
export { ConsoleClient, ConsoleProblem, CSRF_HEADER } from './console/console-client.ts';
export { toOpenApi } from './console/open-api.ts';
export { mayDo, permissionTable, teamActions, type Grant, type TeamAction } from './console/permissions.ts';
export { problem, PROBLEM_TYPE, type Problem } from './console/problem.ts';
export * from './console/routes/index.ts';
export {
  consoleRoute,
  noReply,
  nothing,
  page,
  paging,
  type BodyOf,
  type ConsoleReplyOf,
  type ConsoleRoute,
  type ParamsOf,
  type QueryOf,
  type RouteAccess,
} from './console/route.ts';
