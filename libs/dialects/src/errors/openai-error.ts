import { errorTable, type WireError } from '@orgn/contracts';

/** OpenAI's error envelope, with the request's id for support. */
export interface OpenAiError {
  error: {
    message: string;
    type: string;
    param: string | null;
    code: string;
    request_id: string;
  };
}

export function toOpenAiError(error: WireError, requestId: string): OpenAiError {
  const { type } = errorTable[error.code];
  return {
    error: { message: error.message, type, param: error.param ?? null, code: error.code, request_id: requestId },
  };
}
