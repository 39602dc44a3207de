import { ServiceError } from '@orgn/contracts';

/** @throws ServiceError `invalid_request`: options of a stream that was not asked for are a mistake, as OpenAI says too */
export function requireStreamForOptions(request: {
  stream?: boolean | null | undefined;
  stream_options?: unknown;
}): void {
  if (!request.stream_options || request.stream) return;
  throw new ServiceError('invalid_request', 'stream_options is only allowed when stream is true.', {
    param: 'stream_options',
  });
}
