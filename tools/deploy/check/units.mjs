const byteUnits = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
const secondUnits = { us: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 };

/** What compose takes for a size (`2560m`, `1.5g`, `2gb`), in bytes; NaN for what it would refuse itself. */
export function bytesOf(text) {
  const [, figure, unit] = /^(\d+(?:\.\d+)?)([bkmg]?)b?$/.exec(text.toLowerCase()) ?? [];
  return figure === undefined ? NaN : Number(figure) * byteUnits[unit];
}

/** What compose takes for a duration (`30s`, `1m30s`), in seconds; NaN for what it would refuse itself. */
export function secondsOf(text) {
  if (!/^(\d+(us|ms|s|m|h))+$/.test(text)) return NaN;
  const parts = [...text.matchAll(/(\d+)(us|ms|s|m|h)/g)];
  return parts.reduce((sum, [, figure, unit]) => sum + Number(figure) * secondUnits[unit], 0);
}

/** A port, or a range of them (`8180-8182`). */
export function portsOf(text) {
  const [from, to = from] = text.split('-').map(Number);
  return { from, to };
}
