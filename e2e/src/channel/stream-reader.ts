import type { Stack } from '../stack.ts';

/** What came of a stream of the paced provider. */
export interface Streamed {
  requestId: string;
  isWhole: boolean;
  /** When it ended or broke off; of the monotonic clock. */
  endedAt: number;
  /** Of an error that the stream ended with, or of the refusal. */
  code?: string | undefined;
}

/** Asks for a stream and reads it to its end, however it ends. */
export async function readStream(stack: Stack, name: string): Promise<Streamed> {
  const streamed: Streamed = { requestId: '', isWhole: false, endedAt: 0 };
  try {
    const response = await stack.chat(requestFor(name));
    streamed.requestId = response.headers.get('x-request-id') ?? '';
    if (response.ok) await readEvents(response, streamed);
    else streamed.code = codeIn(await response.text());
  } catch (error) {
    streamed.code ??= (error as Error).name;
  }
  streamed.endedAt = performance.now();
  return streamed;
}

export function requestFor(name: string) {
  const messages = [{ role: 'user', content: `Say when you said it, ${name}` }];
  return { model: 'local_canned', messages, stream: true, stream_options: { include_usage: true } };
}

async function readEvents(response: Response, streamed: Streamed): Promise<void> {
  let text = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    const events = (text + piece).split('\n\n');
    text = events.pop()!;
    for (const event of events) readEvent(event.replace(/^(event: .*\n)?data: /, ''), streamed);
  }
}

function readEvent(data: string, streamed: Streamed): void {
  if (data === '[DONE]') streamed.isWhole = true;
  else if (data.includes('"error"')) streamed.code = codeIn(data);
}

function codeIn(text: string): string {
  return (JSON.parse(text) as { error: { code: string } }).error.code;
}
