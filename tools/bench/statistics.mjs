/** The value below which a share of the sorted values lies; NaN for none. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The middle value; of an even number of values the lower one. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

/** Medians of the bursts of one target, member by member, and how far their rates lie apart (share of the median). */
export function summarize(bursts) {
  const members = Object.keys(bursts[0]);
  const summary = Object.fromEntries(members.map((name) => [name, median(bursts.map((burst) => burst[name]))]));
  const rates = bursts.map((burst) => burst.rate);
  return {
    ...summary,
    bad: bursts.reduce((sum, burst) => sum + burst.bad, 0),
    spread: (Math.max(...rates) - Math.min(...rates)) / summary.rate,
  };
}
