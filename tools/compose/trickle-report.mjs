/** So many of the requests that failed are told one by one. */
const MAX_LOST = 20;

/**
 * What came of requests.
 * @param {{ ok: boolean, stream: boolean, outcome: string, startedAt: number, endedAt: number, id?: string }[]} calls times in ms
 * since the epoch
 * @returns {{ sent: number, streams: number, failed: number, failures: Record<string, number>, gapMs: number, slowestMs: number,
 * lost: { at: string, ms: number, outcome: string, id?: string }[] }}
 * `gapMs`: the longest time in which every plain request that was begun failed, from the last one before that succeeded to the first
 * one after; `slowestMs`: of plain requests that succeeded; `lost`: the first ones that failed, to be found in logs
 */
export function summarize(calls) {
  const plain = calls.filter(({ stream }) => !stream).sort((a, b) => a.startedAt - b.startedAt);
  const failed = calls.filter(({ ok }) => !ok).sort((a, b) => a.startedAt - b.startedAt);
  return {
    sent: calls.length,
    streams: calls.length - plain.length,
    failed: failed.length,
    failures: countBy(failed, named),
    gapMs: Math.round(longestGap(plain)),
    slowestMs: Math.round(Math.max(0, ...plain.filter(({ ok }) => ok).map((one) => one.endedAt - one.startedAt))),
    lost: failed.slice(0, MAX_LOST).map(toLost),
  };
}

function named({ outcome, stream }) {
  return stream ? `stream ${outcome}` : outcome;
}

function toLost(call) {
  const { startedAt, endedAt, id } = call;
  return { at: new Date(startedAt).toISOString(), ms: Math.round(endedAt - startedAt), outcome: named(call), id };
}

function longestGap(calls) {
  let longest = 0;
  let lastGood;
  let isBroken = false;
  for (const { ok, startedAt } of calls) {
    if (!ok) isBroken = true;
    else {
      if (isBroken && lastGood !== undefined) longest = Math.max(longest, startedAt - lastGood);
      [lastGood, isBroken] = [startedAt, false];
    }
  }
  return longest;
}

function countBy(items, nameOf) {
  const counts = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}
