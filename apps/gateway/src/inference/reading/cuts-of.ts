import type { ByteCut } from '@orgn/contracts';

/** Bytes that must agree before what follows a cut is believed to go on; fewer where cuts lie near each other. */
const ANCHORS = [48, 16, 8, 4];
const MOST_CUTS = 64;

/**
 * What was cut out of a body to make what is passed on of it. What is found is made again and compared, so it is true.
 * @returns null where it is more than a few cuts, or none make it
 */
export function cutsOf(body: Buffer, passed: Buffer): ByteCut[] | null {
  for (const anchor of ANCHORS) {
    const cuts = cutsBy(anchor, body, passed);
    if (cuts && without(body, cuts).equals(passed)) return cuts;
  }
  return null;
}

function cutsBy(anchor: number, body: Buffer, passed: Buffer): ByteCut[] | null {
  const cuts: ByteCut[] = [];
  let [at, to] = [0, 0];
  while (to < passed.length || at < body.length) {
    const same = sameFrom(body, at, passed, to);
    [at, to] = [at + same, to + same];
    if (at === body.length) break;
    const next = to === passed.length ? body.length : body.indexOf(passed.subarray(to, to + anchor), at);
    if (next < 0 || cuts.length === MOST_CUTS) return null;
    cuts.push({ at, length: next - at });
    at = next;
  }
  return cuts;
}

function sameFrom(one: Buffer, at: number, other: Buffer, to: number): number {
  const most = Math.min(one.length - at, other.length - to);
  let same = 0;
  while (same < most && one[at + same] === other[to + same]) same += 1;
  return same;
}

function without(body: Buffer, cuts: readonly ByteCut[]): Buffer {
  const parts: Buffer[] = [];
  let start = 0;
  for (const { at, length } of cuts) {
    parts.push(body.subarray(start, at));
    start = at + length;
  }
  return Buffer.concat([...parts, body.subarray(start)]);
}
