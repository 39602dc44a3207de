import { ServiceError } from '@orgn/contracts';
import { requestForm } from '../reading/request-form.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { requireChoosable } from './chat-tool-choice.ts';
import { idleToolMembers } from './chat-tool.ts';
import { chatRequest } from './chat-request.ts';

/** How chat completion requests are read. Gateway and router read the same bytes, so that neither has to believe the other. */
export const chatForm = requestForm(chatRequest, {
  foreign: requireNoResponse,
  check(request) {
    requireStreamForOptions(request);
    requireChoosable(request);
  },
  idle: idleToolMembers,
});

/** @throws ServiceError `invalid_request` or `unknown_parameter` naming the field */
export const parseChatRequest = chatForm.parse;

/** Some editors post the body of a response to whatever address they were given. */
function requireNoResponse({ input, messages }: Readonly<Record<string, unknown>>): void {
  if ((input ?? null) === null || (messages ?? null) !== null) return;
  const message = 'messages is missing and there is an input: this is a Responses body, send it to /v1/responses.';
  throw new ServiceError('invalid_request', message, { param: 'messages' });
}
