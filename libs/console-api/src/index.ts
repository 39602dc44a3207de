export { ConsoleClient, ConsoleProblem, CSRF_HEADER, toConsoleProblem, type Given } from './console-client.ts';
export { toOpenApi } from './open-api.ts';
export { mayDo, permissionTable, teamActions, type Grant, type TeamAction } from './permissions.ts';
export { problem, PROBLEM_TYPE, type Problem } from './problem.ts';
export * from './routes/index.ts';
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
} from './route.ts';
