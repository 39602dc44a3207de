import type { AnswerReceiver } from '../gateway/asked-request.ts';
import type { AnswerHeaders } from '../frames/headers.ts';

/** What a receiver was told. */
export interface Told {
  status?: number;
  headers?: AnswerHeaders;
  readonly bytes: Buffer;
  trailers?: AnswerHeaders;
  error?: Error;
  wasSent?: boolean;
  /** How often it was told the end. */
  ends: number;
}

export function makeReceiver(onData: (chunk: Buffer) => void = () => undefined): {
  told: Told;
  receiver: AnswerReceiver;
} {
  let chunks: Buffer[] = [];
  const told: Told = {
    get bytes() {
      chunks = [Buffer.concat(chunks)];
      return chunks[0] as Buffer;
    },
    ends: 0,
  };
  const receiver: AnswerReceiver = {
    onStart: (status, headers) => void Object.assign(told, { status, headers }),
    onData: (chunk) => {
      chunks.push(Buffer.from(chunk));
      onData(chunk);
    },
    onEnd: (trailers) => {
      told.trailers = trailers;
      told.ends += 1;
    },
    onError: (error, wasSent) => {
      Object.assign(told, { error, wasSent });
      told.ends += 1;
    },
  };
  return { told, receiver };
}
