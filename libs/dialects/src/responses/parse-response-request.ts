import { ServiceError } from '@orgn/contracts';
import { requestForm } from '../reading/request-form.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { OfferedTools } from './offered-tools.ts';
import { responseRequest, type ResponseRequest } from './response-request.ts';
import { requireChoosable } from './tool-choice.ts';

/** How requests of the responses endpoint are read. */
export const responseForm = requestForm(responseRequest, { check });

/** @throws ServiceError `invalid_request`, `unknown_parameter` or `not_supported_zero_retention` naming the field */
export const parseResponseRequest = responseForm.parse;

/** Tools in all namespaces together. */
const MOST_TOOLS = 4_096;

function check(request: ResponseRequest): void {
  requireFewTools(request);
  requireStreamForOptions(request);
  requireChoosable(request.tool_choice, new OfferedTools(request.tools));
}

function requireFewTools({ tools }: ResponseRequest): void {
  const count = (tools ?? []).reduce((sum, tool) => sum + (tool.type === 'namespace' ? tool.tools.length : 1), 0);
  if (count <= MOST_TOOLS) return;
  const message = `tools must have at most ${MOST_TOOLS} tools in all namespaces together.`;
  throw new ServiceError('invalid_request', message, { param: 'tools' });
}
