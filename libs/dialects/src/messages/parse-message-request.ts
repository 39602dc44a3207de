import { requestForm } from '../reading/request-form.ts';
import { messageRequest, tokenCountRequest, type TokenCountRequest } from './message-request.ts';
import { missingTool, noToolFor } from '../tools/missing-tool.ts';

/** How requests of the messages endpoint are read. */
export const messageForm = requestForm(messageRequest, { check: requireChoosable });

/** How requests to count tokens are read. */
export const tokenCountForm = requestForm(tokenCountRequest, { check: requireChoosable });

/** @throws ServiceError `invalid_request`, `unknown_parameter` or `not_supported_zero_retention` naming the field */
export const parseMessageRequest = messageForm.parse;

/** @throws ServiceError as `parseMessageRequest` does */
export const parseTokenCountRequest = tokenCountForm.parse;

/** A choice may demand only what is offered and can be had. */
function requireChoosable({ tools, tool_choice: choice }: Pick<TokenCountRequest, 'tools' | 'tool_choice'>): void {
  const names = (tools ?? []).map(({ name }) => name);
  if (choice?.type === 'any' && names.length === 0) throw noToolFor('any');
  if (choice?.type === 'tool' && !names.includes(choice.name)) throw missingTool();
}
