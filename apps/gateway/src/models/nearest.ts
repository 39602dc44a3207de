/** Ids that share the most with what was asked for, best first; none when nothing is close. Old slash ids count too. */
export function nearest(asked: string, ids: readonly string[]): string[] {
  const wanted = pairsOf(asked);
  return ids
    .map((id) => ({ id, likeness: likeness(wanted, pairsOf(id)) }))
    .filter(({ likeness }) => likeness >= 0.4)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ id }) => id);
}

/** Pairs of neighbouring letters and digits (Dice's coefficient). */
function pairsOf(text: string): Set<string> {
  const plain = text
    .slice(0, 128)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  return new Set(Array.from({ length: Math.max(0, plain.length - 1) }, (_, at) => plain.slice(at, at + 2)));
}

function likeness(a: Set<string>, b: Set<string>): number {
  return (2 * a.intersection(b).size) / (a.size + b.size || 1);
}
