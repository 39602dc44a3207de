import { elementsOf } from '../json/json-elements.ts';
import { membersOf, type JsonMember } from '../json/json-members.ts';
import { removals } from '../json/removals.ts';
import type { Edit } from '../json/splice.ts';

/**
 * What providers say to whoever pays them: their routing, what they charge for it and under which number. `usage.cost` is
 * not among them, since callers get their own there.
 */
const hidden = [
  'provider_metadata',
  'providerMetadata',
  'generationId',
  'generation_id',
  'marketCost',
  'market_cost',
  'cost_details',
  'estimated_cost',
  'is_byok',
  'upstream_inference_cost',
];
/** Looked for in whole answers without making a text of them. */
const probes = hidden.map((name) => Buffer.from(`"${name}"`));
/** The same for a token's chunk, of which a text costs less than to look for each name. */
const anyName = new RegExp(`"(?:${hidden.join('|')})"`);
const MOST_AS_TEXT = 4 * 1024;

/** Deeper than any answer has such members: `choices[0].message.tool_calls[0].function`. */
const MAX_DEPTH = 8;

/**
 * Takes out of an answer, or a chunk of one, what a provider tells its customer and not ours, wherever it stands.
 * @param json a well-formed JSON object
 */
export function hiddenRemovals(json: Buffer): Edit[] {
  return mayHide(json) ? removalsIn(json, 0, 0) : [];
}

function mayHide(json: Buffer): boolean {
  if (json.length <= MOST_AS_TEXT) return anyName.test(json.toString('latin1'));
  return probes.some((probe) => json.includes(probe));
}

function removalsIn(json: Buffer, start: number, depth: number): Edit[] {
  if (depth > MAX_DEPTH) return [];
  if (json[start] === 0x5b)
    return elementsOf(json, start).flatMap((element) => removalsIn(json, element.start, depth + 1));
  if (json[start] !== 0x7b) return [];
  const members = membersOf(json, start);
  const isHidden = ({ name }: JsonMember) => hidden.includes(name);
  const inner = members
    .filter((member) => !isHidden(member))
    .flatMap(({ valueStart }) => removalsIn(json, valueStart, depth + 1));
  return [...removals(members, isHidden), ...inner];
}
