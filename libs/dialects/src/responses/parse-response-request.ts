import { requestForm } from '../reading/request-form.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { responseRequest } from './response-request.ts';

/** How requests of the responses endpoint are read. */
export const responseForm = requestForm(responseRequest, { check: requireStreamForOptions });

/** @throws ServiceError `invalid_request`, `unknown_parameter` or `not_supported_zero_retention` naming the field */
export const parseResponseRequest = responseForm.parse;
