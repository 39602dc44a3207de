import { ServiceError } from '@orgn/contracts';
import { requestForm } from '../reading/request-form.ts';
import { requireStreamForOptions } from '../request/stream-options.ts';
import { completionRequest, type CompletionRequest } from './completion-request.ts';

/** How requests of the older completions endpoint are read. */
export const completionForm = requestForm(completionRequest, {
  check(request) {
    requireStreamForOptions(request);
    requirePossibleChoice(request);
  },
});

/** @throws ServiceError `invalid_request` or `unknown_parameter` naming the field */
export const parseCompletionRequest = completionForm.parse;

function requirePossibleChoice({ best_of: bestOf, n, stream }: CompletionRequest): void {
  if (typeof bestOf !== 'number') return;
  if (bestOf < (n ?? 1)) throw invalid('best_of must be at least n.');
  if (stream && bestOf > 1) throw invalid('best_of must be 1 when stream is true.');
}

function invalid(message: string): ServiceError {
  return new ServiceError('invalid_request', message, { param: 'best_of' });
}
