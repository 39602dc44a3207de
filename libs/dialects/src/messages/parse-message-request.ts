import { requestForm } from '../reading/request-form.ts';
import { messageRequest, tokenCountRequest } from './message-request.ts';

/** How requests of the messages endpoint are read. */
export const messageForm = requestForm(messageRequest);

/** How requests to count tokens are read. */
export const tokenCountForm = requestForm(tokenCountRequest);

/** @throws ServiceError `invalid_request`, `unknown_parameter` or `not_supported_zero_retention` naming the field */
export const parseMessageRequest = messageForm.parse;

/** @throws ServiceError as `parseMessageRequest` does */
export const parseTokenCountRequest = tokenCountForm.parse;
