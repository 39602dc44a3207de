/**
 * What came of requests.
 * @param {{ ok: boolean, stream: boolean, outcome: string, startedAt: number, endedAt: number }[]} calls times in ms
 * @returns {{ sent: number, streams: number, failed: number, failures: Record<string, number>, gapMs: number, slowestMs: number }}
 * `gapMs`: the longest time in which every plain request that was begun failed, from the last one before that succeeded to the first
 * one after; `slowestMs`: of plain requests that succeeded
 */
export function summarize(calls) {
  const plain = calls.filter(({ stream }) => !stream).sort((a, b) => a.startedAt - b.startedAt);
  const failed = calls.filter(({ ok }) => !ok);
  return {
    sent: calls.length,
    streams: calls.length - plain.length,
    failed: failed.length,
    failures: countBy(failed, ({ outcome, stream }) => (stream ? `stream ${outcome}` : outcome)),
    gapMs: Math.round(longestGap(plain)),
    slowestMs: Math.round(Math.max(0, ...plain.filter(({ ok }) => ok).map((one) => one.endedAt - one.startedAt))),
  };
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
