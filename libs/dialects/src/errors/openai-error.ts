import { errorTable, type FailedCheck, type WireError } from '@orgn/contracts';

/** OpenAI's error envelope, with the request's id for support. */
export interface OpenAiError {
  error: {
    message: string;
    type: string;
    param: string | null;
    code: string;
    request_id: string;
    /** Of `attestation_failed`: the checks of the enclave that did not pass. */
    checks?: FailedCheck[];
  };
}

export function toOpenAiError(error: WireError, requestId: string): OpenAiError {
  const { type } = errorTable[error.code];
  const { message, param = null, code, checks } = error;
  return { error: { message, type, param, code, request_id: requestId, ...(checks && { checks }) } };
}
