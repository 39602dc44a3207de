import type { Attachment, Question, Turn } from './conversation.ts';
import { fieldsFor, othersFor, readField, readObject, readTools, type Read } from './parameters.ts';

/** What is asked with, for all columns alike. */
export interface Settings {
  system: string;
  /** What was typed, by the parameter's name. */
  values: Readonly<Record<string, string>>;
  /** Further members, as JSON. */
  others: string;
  /** Tools, as JSON. */
  tools: string;
}

/** What a model takes. */
export interface Taker {
  id: string;
  parameters: readonly string[];
  capabilities: readonly string[];
}

export interface ChatRequest extends Record<string, unknown> {
  model: string;
  messages: readonly Record<string, unknown>[];
}

/** The request that asks a model with these settings to go on with a conversation. What the model takes no part of stays out. */
export function chatRequest(model: Taker, settings: Settings, turns: readonly Turn[]): ChatRequest {
  const system = settings.system.trim() === '' ? [] : [{ role: 'system', content: settings.system }];
  const tools = model.capabilities.includes('tools') ? valueOf(readTools(settings.tools)) : undefined;
  return {
    model: model.id,
    messages: [...system, ...turns.flatMap(toMessages)],
    ...(tools !== undefined && { tools }),
    ...parametersOf(model, settings, tools !== undefined),
  };
}

function parametersOf({ parameters }: Taker, { values, others }: Settings, hasTools: boolean): Record<string, unknown> {
  const isOther = new Set(othersFor(parameters));
  const fields = fieldsFor(parameters)
    .filter(({ name }) => hasTools || name !== 'tool_choice')
    .map((field) => [field.name, valueOf(readField(field, values[field.name] ?? ''))] as const);
  const rest = Object.entries(valueOf(readObject(others)) ?? {}).filter(([name]) => isOther.has(name));
  return Object.fromEntries([...fields, ...rest].filter(([, value]) => value !== undefined));
}

function valueOf(read: Read): unknown {
  return read && 'value' in read ? read.value : undefined;
}

function toMessages(turn: Turn): Record<string, unknown>[] {
  if (turn.kind === 'question') return [{ role: 'user', content: contentOf(turn) }];
  if (turn.kind === 'result') return [{ role: 'tool', tool_call_id: turn.callId, content: turn.text }];
  if (turn.text === '' && turn.calls.length === 0) return [];
  const calls = turn.calls.map(({ id, name, arguments: text }) => ({
    id,
    type: 'function',
    function: { name, arguments: text },
  }));
  return [{ role: 'assistant', content: turn.text || null, ...(calls.length > 0 && { tool_calls: calls }) }];
}

function contentOf({ text, attachments }: Question): unknown {
  if (attachments.length === 0) return text;
  return [...(text === '' ? [] : [{ type: 'text', text }]), ...attachments.map(toPart)];
}

function toPart({ kind, name, dataUrl }: Attachment): Record<string, unknown> {
  if (kind === 'image') return { type: 'image_url', image_url: { url: dataUrl } };
  if (kind === 'file') return { type: 'file', file: { filename: name, file_data: dataUrl } };
  const [, data = ''] = dataUrl.split(',', 2);
  return { type: 'input_audio', input_audio: { data, format: name.toLowerCase().endsWith('.wav') ? 'wav' : 'mp3' } };
}
