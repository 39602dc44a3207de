/** Nano-USD, as a number or a decimal string, as exact decimal USD with nine places. */
export function toUsd(nanoUsd: number | string): string {
  const [sign, digits] = String(nanoUsd).startsWith('-') ? ['-', String(nanoUsd).slice(1)] : ['', String(nanoUsd)];
  const padded = digits.padStart(10, '0');
  return `${sign}${padded.slice(0, -9)}.${padded.slice(-9)}`;
}
