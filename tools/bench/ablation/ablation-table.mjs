import { table } from '../table.mjs';

/** CPU of an answer on each rung, and what the rung adds to the one below it: the middle of the rounds, and their extremes. */
export function ablationTable(rows) {
  const head = [
    'layer',
    'what it adds',
    'JSON: CPU us',
    'added',
    'least to most',
    'stream: CPU us',
    'added',
    'least to most',
  ];
  return table(
    head,
    rows.map(({ name, adds, json, sse }) => [name, adds, ...cells(json), ...cells(sse)]),
  );
}

function cells({ cpu, added, least, most, bad }) {
  const range = `${signed(least)} to ${signed(most)}`;
  return [cpu.toFixed(0), signed(added), bad > 0 ? `${range}, ${bad} BAD` : range];
}

const signed = (us) => `${us < 0 ? '-' : '+'}${Math.abs(us).toFixed(0)}`;

/** Which process takes how much of an answer of the whole stack. */
export function partsTable(rows) {
  const whole = rows.at(-1);
  const share = (us, { cpu }) => `${us.toFixed(0)} (${((us / cpu) * 100).toFixed(0)} %)`;
  const lines = whole.json.parts.map(({ name, us }, at) => [
    name,
    share(us, whole.json),
    share(whole.sse.parts[at].us, whole.sse),
  ]);
  return table(['process', 'JSON: CPU us', 'stream: CPU us'], lines);
}
