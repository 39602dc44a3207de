import { CSRF_HEADER, toConsoleProblem } from '@orgn/console-api';
import { createParser } from 'eventsource-parser';
import { sessionEnd } from '../api/session-end.ts';
import { readChunk, readRefusal } from './chunk.ts';
import type { AnswerFault, AnswerHead, AnswerUsage, Growth } from './conversation.ts';
import type { ChatRequest } from './chat-request.ts';

/** What is heard while an answer comes. */
export type Heard = { head: AnswerHead } | { growth: Growth } | { usage: AnswerUsage } | { finish: string };

/** Why nothing, or not everything, came. */
export class AskError extends Error {
  constructor(
    readonly fault: AnswerFault,
    /** The head of a refusal of the gateway's. */
    readonly head?: AnswerHead,
  ) {
    super(fault.detail);
    this.name = 'AskError';
  }
}

export interface Asked {
  teamId: string;
  request: ChatRequest;
  signal: AbortSignal;
}

/**
 * Asks a model under the session, and tells what comes as it comes.
 * @throws AskError; DOMException `AbortError` when the signal was aborted
 */
export async function ask({ teamId, request, signal }: Asked, hear: (heard: Heard) => void): Promise<void> {
  const response = await send(teamId, request, signal);
  const head = headOf(response.headers);
  if (!response.ok || !response.body) throw await refusalOf(response, head);
  hear({ head });
  if ((await listen(response.body, signal, hear)) || signal.aborted) return;
  throw new AskError({ code: 'cut', detail: 'The answer was cut off before its end.' });
}

async function send(teamId: string, request: ChatRequest, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(`/api/teams/${encodeURIComponent(teamId)}/playground/chat`, {
      method: 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { 'content-type': 'application/json', [CSRF_HEADER]: '1' },
      body: JSON.stringify({ ...request, ...streamed }),
      signal,
    });
  } catch (error) {
    throw unreachable(error, signal);
  }
}

const streamed = { stream: true, stream_options: { include_usage: true }, usage: { include: true } };

/** @returns whether the stream came to its end */
async function listen(body: ReadableStream<Uint8Array>, signal: AbortSignal, hear: (heard: Heard) => void) {
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void events.push(data) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return false;
      parser.feed(decoder.decode(value, { stream: true }));
      if (events.splice(0).some((data) => tell(data, hear))) return true;
    }
  } catch (error) {
    if (error instanceof AskError) throw error;
    throw unreachable(error, signal);
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** @returns whether it is the last event */
function tell(data: string, hear: (heard: Heard) => void): boolean {
  if (data === '[DONE]') return true;
  for (const heard of readChunk(data)) {
    if ('fault' in heard) throw new AskError(heard.fault);
    hear(heard);
  }
  return false;
}

function unreachable(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return error;
  return new AskError({ code: 'unreachable', detail: 'The connection to the gateway was lost. Try again.' });
}

/** A refusal is the console's, as a problem, or the API host's, as OpenAI says errors. */
async function refusalOf(response: Response, head: AnswerHead): Promise<AskError> {
  if (response.headers.get('content-type')?.includes('problem+json')) {
    const { problem } = await toConsoleProblem(response);
    if (problem.code === 'not_signed_in') sessionEnd.say();
    return new AskError(
      { code: problem.code, detail: problem.detail },
      { ...head, requestId: problem.requestId || null },
    );
  }
  const fault = readRefusal(await response.text().catch(() => ''));
  const detail = `Something between this page and the gateway answered in its place, with status ${response.status}.`;
  return new AskError(fault ?? { code: 'service_unavailable', detail }, head);
}

function headOf(headers: Headers): AnswerHead {
  return {
    requestId: headers.get('x-request-id'),
    model: headers.get('x-ollm-model'),
    provider: headers.get('x-ollm-provider'),
    execution: headers.get('x-ollm-execution'),
    attestation: headers.get('x-ollm-attestation'),
    dropped: headers.get('x-ollm-dropped'),
    maxTokens: headers.get('x-ollm-max-tokens'),
  };
}
