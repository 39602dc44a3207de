import { randomUUID } from 'node:crypto';
import { parseOrUndefined } from '../answer/answer-parts.ts';
import { elementsOf } from '../json/json-elements.ts';
import { membersOf, type JsonMember } from '../json/json-members.ts';
import type { Edit } from '../json/splice.ts';
import { Calls } from './calls.ts';

interface WrittenCall {
  index?: unknown;
  id?: unknown;
  function?: { name?: unknown; arguments?: unknown } | null;
  custom?: { name?: unknown; input?: unknown } | null;
}
interface WrittenChoice {
  index?: unknown;
  delta?: { tool_calls?: (WrittenCall | null)[] | null } | null;
}

const CALLS = Buffer.from('"tool_calls"');
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;

/**
 * Numbers the tool calls of one streamed chat answer. Clients gather calls by `index` alone, and some engines give every call
 * the same one, or none, and leave ids out: then each call gets a number and an id of its own. Chunks that are right stay as
 * they are, byte for byte.
 */
export class ChatCallNumbers {
  readonly #calls = new Map<number, Calls>();

  /**
   * @param json the data of one chunk
   * @throws ServiceError `provider_unavailable` when nobody can tell which call a part belongs to
   */
  editsOf(json: Buffer): Edit[] {
    if (!json.includes(CALLS)) return [];
    const { choices } = (parseOrUndefined(json) ?? {}) as { choices?: WrittenChoice[] };
    return (choices ?? []).flatMap((choice, place) => this.#editsOfChoice(json, choice, place));
  }

  #editsOfChoice(json: Buffer, { index, delta }: WrittenChoice, place: number): Edit[] {
    const written = delta?.tool_calls;
    if (!Array.isArray(written) || written.length === 0) return [];
    const key = typeof index === 'number' ? index : place;
    const calls = this.#calls.get(key) ?? new Calls();
    this.#calls.set(key, calls);
    const starts = callStarts(json, place);
    return written.flatMap((call, at) => (call ? editsOfCall(json, call, { calls, at, start: starts[at] ?? 0 }) : []));
  }
}

function editsOfCall(json: Buffer, call: WrittenCall, of: { calls: Calls; at: number; start: number }): Edit[] {
  const index = typeof call.index === 'number' ? call.index : of.at;
  const id = text(call.id) || undefined;
  const taken = of.calls.take({ index, id, ...saidBy(call) });
  const number = of.calls.all.indexOf(taken.call);
  const wanted: Record<string, string> = {};
  if (call.index !== number) wanted.index = String(number);
  if (taken.isNew && id === undefined) wanted.id = JSON.stringify(`call_${randomUUID().replaceAll('-', '')}`);
  return Object.entries(wanted).map(([name, value]) => memberEdit(membersOf(json, of.start), of.start, name, value));
}

function saidBy({ function: called, custom }: WrittenCall) {
  if (custom) return { kind: 'custom' as const, name: text(custom.name), input: text(custom.input) };
  return { kind: 'function' as const, name: text(called?.name), input: text(called?.arguments) };
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Replaces a member's value, or writes the member in front. @param start of the object's `{` */
function memberEdit(members: readonly JsonMember[], start: number, name: string, value: string): Edit {
  const present = members.find((member) => member.name === name);
  if (present) return { start: present.valueStart, end: present.valueEnd, text: value };
  return { start: start + 1, end: start + 1, text: `"${name}":${value}${members.length > 0 ? ',' : ''}` };
}

/** Where the calls of a choice begin in the bytes of a chunk. */
function callStarts(json: Buffer, place: number): number[] {
  const choice = elementsAt(json, valueOf(membersOf(json), 'choices'))[place];
  const delta = choice === undefined ? undefined : valueOf(membersOf(json, choice), 'delta');
  if (delta === undefined || json[delta] !== OPENING_BRACE) return [];
  return elementsAt(json, valueOf(membersOf(json, delta), 'tool_calls'));
}

const valueOf = (members: readonly JsonMember[], name: string) =>
  members.find((member) => member.name === name)?.valueStart;

function elementsAt(json: Buffer, start: number | undefined): number[] {
  if (start === undefined || json[start] !== OPENING_BRACKET) return [];
  return elementsOf(json, start).map((element) => element.start);
}
