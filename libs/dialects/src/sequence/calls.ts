import type { ToolCallDelta } from '../chat/chat-delta.ts';
import { isBlank } from './call-input.ts';
import { malformedCall } from '../tools/malformed-call.ts';
import { Call } from './call.ts';

/** Calls of one answer; each delta is looked for among them. */
const MAX_CALLS = 512;

/**
 * The calls of an answer. Finds the call that a delta belongs to, by index and id: providers interleave them, repeat ids and
 * names or send them late, leave ids out, and give every call index 0.
 */
export class Calls {
  readonly all: Call[] = [];

  /**
   * @returns the call that grew, and whether it is new
   * @throws ServiceError `provider_unavailable` when the delta belongs to no call that can be told
   */
  take(delta: ToolCallDelta): { call: Call; isNew: boolean } {
    const known = this.#find(delta);
    const call = known ?? new Call(delta);
    call.take(delta);
    if (known) return { call, isNew: false };
    if (this.all.length === MAX_CALLS) throw malformedCall();
    this.all.push(call);
    return { call, isNew: true };
  }

  #find(delta: ToolCallDelta): Call | undefined {
    const atIndex = this.all.filter(({ index }) => index === delta.index);
    const named = delta.id === undefined ? undefined : atIndex.findLast(({ id }) => id === delta.id);
    const call = named ?? atIndex.at(-1);
    if (!call) return undefined;
    const isNext = (!named && hasIdOfItsOwn(call, delta)) || isAnother(call, delta);
    const goesOn = isNext ? undefined : call;
    if (delta.id === undefined) requireClear(goesOn, delta, atIndex);
    return goesOn;
  }
}

function hasIdOfItsOwn(call: Call, { id, name }: ToolCallDelta): boolean {
  return id !== undefined && (call.id !== undefined || isOtherName(call, name));
}

/**
 * Whether a delta begins a call although nothing but its name and the other's end tell them apart.
 * @throws ServiceError `provider_unavailable` for a name of its own while the other is not whole
 */
function isAnother(call: Call, { name, input }: ToolCallDelta): boolean {
  if (isOtherName(call, name)) {
    if (!call.isWhole) throw malformedCall();
    return true;
  }
  const goesBeyond = call.isWhole && !isBlank(input);
  return goesBeyond && (name !== '' || call.mayBeNext);
}

const isOtherName = (call: Call, name: string) => name !== '' && call.name !== '' && name !== call.name;

/**
 * @param call that a delta without an id goes on with; undefined when it begins one
 * @throws ServiceError `provider_unavailable` when it could as well go on with another one of its index
 */
function requireClear(call: Call | undefined, { input }: ToolCallDelta, atIndex: readonly Call[]): void {
  if (call && isBlank(input)) return;
  if (atIndex.some((other) => other !== call && !other.isWhole)) throw malformedCall();
}
