import type { StreamEvent } from '../wire/event-stream.ts';

interface CallDelta {
  index: number;
  id?: string;
  function?: { name?: string; arguments?: string };
}
interface Chunk {
  choices: { delta: { tool_calls?: CallDelta[] } }[];
}

/**
 * Makes a stream that calls one tool call it twice at once: both are announced in one chunk, then their arguments come one
 * after the other (`headersfirst`) or piece by piece in turn (`interleave`).
 */
export function* twoCalls(events: Iterable<StreamEvent>, order: 'headersfirst' | 'interleave'): Generator<StreamEvent> {
  const later: StreamEvent[] = [];
  for (const event of events) {
    const call = callOf(event);
    if (!call) {
      yield* later.splice(0);
      yield event;
    } else if (call.id !== undefined) {
      yield withCalls(event, [call, { ...call, index: 1, id: `${call.id}b` }]);
    } else {
      yield event;
      const second = withCalls(event, [{ ...call, index: 1 }]);
      if (order === 'interleave') yield second;
      else later.push(second);
    }
  }
}

function callOf({ text }: StreamEvent): CallDelta | undefined {
  return text.includes('"tool_calls":[{') ? read(text).choices[0]?.delta.tool_calls?.[0] : undefined;
}

function withCalls(event: StreamEvent, calls: CallDelta[]): StreamEvent {
  const chunk = read(event.text);
  const [choice] = chunk.choices;
  if (choice) choice.delta.tool_calls = calls;
  return { ...event, text: `data: ${JSON.stringify(chunk)}\n\n` };
}

function read(text: string): Chunk {
  return JSON.parse(text.replace(/^data: /, '')) as Chunk;
}
