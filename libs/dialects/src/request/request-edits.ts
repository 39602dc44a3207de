import { membersOf, type JsonMember } from '../json/json-members.ts';
import { removals } from '../json/removals.ts';
import type { Edit } from '../json/splice.ts';
import { takes, type Engine } from './engine.ts';

/** What the router changes in a JSON request. */
export interface RequestChanges {
  /** The provider's own name of the model. */
  upstreamModel: string;
  /** Output limit to set, in tokens, when the caller gave none. */
  maxTokens?: number | undefined;
  /** Output tokens that the model has at most: a caller's higher limit is lowered to it. */
  mostTokens?: number | undefined;
  /** What answers at the provider; absent: an engine that takes everything. */
  engine?: Engine;
  /** Ask for usage in the stream even when the caller did not. */
  forceUsage?: boolean;
  /** Further members, as JSON text by name, that the caller may not set. */
  members?: Readonly<Record<string, string>>;
}

/** A request as it was written, and where its members lie: found once, since a body may be long. */
export interface RequestText {
  body: Buffer;
  members: readonly JsonMember[];
}

export const toText = (body: Buffer): RequestText => ({ body, members: membersOf(body) });

type Additions = Record<string, string> & { max_tokens?: string; stream_options?: string };

/**
 * The byte-range edits that turn a caller's request into the provider's.
 * @param text a request that its endpoint's parser accepted
 * @param dropped members that end at this gateway
 */
export function requestEdits(
  { body, members }: RequestText,
  changes: RequestChanges,
  dropped: readonly string[],
): Edit[] {
  const { engine = 'vllm' } = changes;
  const edits: Edit[] = removals(members, ({ name }) => dropped.includes(name) || !takes(engine, name));
  const additions: Additions = { ...changes.members };
  const model = memberNamed(members, 'model');
  if (model) edits.push(replace(model, JSON.stringify(changes.upstreamModel)));
  if (changes.maxTokens !== undefined) setLimit(members, changes.maxTokens, edits, additions);
  if (changes.mostTokens !== undefined) edits.push(...lowered(body, members, changes.mostTokens));
  if (changes.forceUsage) forceUsage(body, members, edits, additions);
  const first = members[0];
  const added = Object.entries(additions).map(([name, json]) => `${JSON.stringify(name)}:${json},`);
  if (first && added.length > 0) edits.push({ start: first.start, end: first.start, text: added.join('') });
  return edits;
}

/** `"max_tokens": null` counts as none: replace it instead of writing the name twice. */
function setLimit(members: readonly JsonMember[], maxTokens: number, edits: Edit[], additions: Additions): void {
  const present = memberNamed(members, 'max_tokens');
  if (present) edits.push(replace(present, String(maxTokens)));
  else additions.max_tokens = String(maxTokens);
}

const limits = new Set(['max_tokens', 'max_completion_tokens']);

function lowered(body: Buffer, members: readonly JsonMember[], most: number): Edit[] {
  return members
    .filter(
      ({ name, valueStart, valueEnd }) =>
        limits.has(name) && Number(body.toString('latin1', valueStart, valueEnd)) > most,
    )
    .map((member) => replace(member, String(most)));
}

function forceUsage(body: Buffer, members: readonly JsonMember[], edits: Edit[], additions: Additions): void {
  const options = memberNamed(members, 'stream_options');
  if (!options) {
    additions.stream_options = '{"include_usage":true}';
  } else if (body[options.valueStart] !== 0x7b) {
    edits.push(replace(options, '{"include_usage":true}'));
  } else {
    edits.push(includeUsage(body, options));
  }
}

function includeUsage(body: Buffer, options: JsonMember): Edit {
  const inner = membersOf(body, options.valueStart);
  const present = memberNamed(inner, 'include_usage');
  if (present) return replace(present, 'true');
  const start = options.valueStart + 1;
  return { start, end: start, text: inner.length > 0 ? '"include_usage":true,' : '"include_usage":true' };
}

function memberNamed(members: readonly JsonMember[], name: string): JsonMember | undefined {
  return members.find((member) => member.name === name);
}

function replace(member: JsonMember, text: string): Edit {
  return { start: member.valueStart, end: member.valueEnd, text };
}
