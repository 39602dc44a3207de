import { ServiceError, type ErrorCode } from '@orgn/contracts';

/** A provider that could not be asked or did not answer. */
export class UpstreamError extends ServiceError {
  /** Whether the same request may be sent again: it was not answered, and not because the provider was slow. */
  readonly isRetryable: boolean;

  constructor(code: ErrorCode, message: string, options: { isRetryable: boolean; cause?: unknown }) {
    super(code, message, { cause: options.cause });
    this.isRetryable = options.isRetryable;
  }
}
