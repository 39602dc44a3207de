import { requestForm } from '../reading/request-form.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { OfferedTools } from './offered-tools.ts';
import { responseRequest, type ResponseRequest } from './response-request.ts';
import { requireChoosable } from './tool-choice.ts';

/** How requests of the responses endpoint are read. */
export const responseForm = requestForm(responseRequest, { check });

/** @throws ServiceError `invalid_request`, `unknown_parameter` or `not_supported_zero_retention` naming the field */
export const parseResponseRequest = responseForm.parse;

function check(request: ResponseRequest): void {
  requireStreamForOptions(request);
  requireChoosable(request.tool_choice, new OfferedTools(request.tools));
}
