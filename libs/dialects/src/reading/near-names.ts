/**
 * Members that decide what a call costs, which model answers, how it executes or what is kept of it. A name that may be
 * meant for one of these is never dropped: the caller would get, or pay, something else than it asked for.
 */
const decidingNames = [
  'background',
  'best_of',
  'byok',
  'cache',
  'cache_control',
  'caching',
  'container',
  'conversation',
  'gateway',
  'ignore_eos',
  'include_usage',
  'max_completion_tokens',
  'max_output_tokens',
  'max_tokens',
  'mcp_servers',
  'min_tokens',
  'model',
  'models',
  'moderation',
  'n',
  'only',
  'order',
  'plugins',
  'previous_response_id',
  'prompt_cache_options',
  'prompt_cache_retention',
  'provider',
  'provider_options',
  'route',
  'service_tier',
  'store',
  'stream',
  'stream_options',
  'transforms',
  'truncation',
  'usage',
  'web_search_options',
];

/** A name as it reads without case, `_` and `-`. */
const fold = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '');

/** Deciding names by the length that they have folded: only those of about the same length can be meant. */
const byLength = Map.groupBy(decidingNames, (name) => fold(name).length);
const ofLength = (length: number) => [length - 1, length, length + 1].flatMap((each) => byLength.get(each) ?? []);

const foldedDeciding = new Map(decidingNames.map((name) => [fold(name), name]));
const LONGEST = Math.max(...[...foldedDeciding.keys()].map((name) => name.length)) + 1;

/**
 * The deciding member that a name equals when case, `_` and `-` are left aside, or is one letter away from.
 * @param siblings further names that decide where this one stands, such as those of a tool
 */
export function decidingNameNear(name: string, siblings: Iterable<string> = []): string | undefined {
  if (name.length > 2 * LONGEST) return undefined;
  const folded = fold(name);
  const same = foldedDeciding.get(folded);
  return same ?? nearest(folded, ofLength(folded.length)) ?? nearest(folded, siblings);
}

function nearest(folded: string, names: Iterable<string>): string | undefined {
  for (const each of names) if (isOneLetterAway(folded, fold(each))) return each;
  return undefined;
}

/** Whether at most one letter added, left out, changed, or swapped with its neighbour makes one text of the other. */
function isOneLetterAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const [shorterA, shorterB] = [restA.slice(1), restB.slice(1)];
  return shorterA === restB || restA === shorterB || shorterA === shorterB || isSwapped(restA, restB);
}

function isSwapped(a: string, b: string): boolean {
  return a.length > 1 && b.startsWith(`${a.charAt(1)}${a.charAt(0)}`) && a.slice(2) === b.slice(2);
}
