import { requestForm } from '../reading/request-form.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { idleToolMembers } from './chat-tool.ts';
import { chatRequest } from './chat-request.ts';

/** How chat completion requests are read. Gateway and router read the same bytes, so that neither has to believe the other. */
export const chatForm = requestForm(chatRequest, { check: requireStreamForOptions, idle: idleToolMembers });

/** @throws ServiceError `invalid_request` or `unknown_parameter` naming the field */
export const parseChatRequest = chatForm.parse;
