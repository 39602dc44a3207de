import { CSRF_HEADER, toConsoleProblem } from '@orgn/console-api';
import { createParser } from 'eventsource-parser';
import { sessionEnd } from '../api/session-end.ts';
import { readChunk, readRefusal } from './chunk.ts';
import type { AnswerFault, AnswerHead, AnswerUsage, Exchange, Growth } from './conversation.ts';
import type { ChatRequest } from './chat-request.ts';

/** What is heard while an answer comes. */
export type Heard =
  { head: AnswerHead } | { growth: Growth } | { usage: AnswerUsage } | { finish: string } | { seen: Exchange };

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
  /** A key to ask under; empty: none. */
  asKey: string;
  request: ChatRequest;
  signal: AbortSignal;
}

/**
 * Asks a model under the session, and tells what comes as it comes.
 * @throws AskError; DOMException `AbortError` when the signal was aborted
 */
export async function ask({ request, ...asked }: Asked, hear: (heard: Heard) => void): Promise<void> {
  const sent = JSON.stringify({ ...request, ...streamed });
  const { signal } = asked;
  const response = await send(asked, sent);
  const head = headOf(response.headers);
  if (!response.ok || !response.body) throw await refusalOf(response, head);
  hear({ head });
  const came = new Came();
  const end = await listen(response.body, { signal, came }, hear);
  if (end !== 'cut') {
    const all = end === 'whole' ? came.bytes() : null;
    if (all) hear({ seen: { request: new TextEncoder().encode(sent), response: all } });
    return;
  }
  if (signal.aborted) return;
  throw new AskError({ code: 'cut', detail: 'The answer was cut off before its end.' });
}

async function send({ teamId, asKey, signal }: Omit<Asked, 'request'>, body: string): Promise<Response> {
  const query = asKey === '' ? '' : `?key=${encodeURIComponent(asKey)}`;
  try {
    return await fetch(`/api/teams/${encodeURIComponent(teamId)}/playground/chat${query}`, {
      method: 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { 'content-type': 'application/json', [CSRF_HEADER]: '1' },
      body,
      signal,
    });
  } catch (error) {
    throw unreachable(error, signal);
  }
}

const streamed = { stream: true, stream_options: { include_usage: true }, usage: { include: true } };

/** Bytes of answers longer than this are not kept: nobody could check them then. */
const MOST_KEPT = 8 * 1024 * 1024;

/** What came, as long as it is not too much. */
class Came {
  #parts: Uint8Array[] | null = [];
  #length = 0;

  add(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > MOST_KEPT) this.#parts = null;
    this.#parts?.push(part);
  }

  bytes(): Uint8Array | null {
    if (!this.#parts) return null;
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

interface Listening {
  signal: AbortSignal;
  came: Came;
}

/** `said`: all was said, but the connection broke before its end, so that nobody can check the bytes. */
type StreamEnd = 'whole' | 'said' | 'cut';

/** Reads on behind the last event: the receipt is about all bytes. */
async function listen(
  body: ReadableStream<Uint8Array>,
  { signal, came }: Listening,
  hear: (heard: Heard) => void,
): Promise<StreamEnd> {
  let isOver = false;
  const events: string[] = [];
  const parser = createParser({ onEvent: ({ data }) => void events.push(data) });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return isOver ? 'whole' : 'cut';
      came.add(value);
      parser.feed(decoder.decode(value, { stream: true }));
      isOver = events.splice(0).some((data) => tell(data, hear)) || isOver;
    }
  } catch (error) {
    return endOf(error, isOver, signal);
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** What a connection that broke comes to. @throws AskError, or what the abort said */
function endOf(error: unknown, isOver: boolean, signal: AbortSignal): StreamEnd {
  if (error instanceof AskError) throw error;
  if (isOver && !signal.aborted) return 'said';
  throw unreachable(error, signal);
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
