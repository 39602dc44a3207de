const whole = new Intl.NumberFormat('en-GB');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** `1,234,567`. */
export function figure(value: number): string {
  return whole.format(value);
}

/** `1.2M`, for where there is little room. */
export function shortFigure(value: number): string {
  return compact.format(value);
}

/** Decimal USD as it is, without the zeros that say nothing: `$0.0000031`, `$25.00`. Never through a float. */
export function usd(decimal: string): string {
  const [, sign = '', units = '0', parts = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal) ?? [];
  const cents = parts.replace(/0+$/, '').padEnd(2, '0');
  return `${sign}$${whole.format(BigInt(units))}.${cents}`;
}

/** Nano-USD as people read it, exactly: `$25.00`, `-$0.0000031`. */
export function money(nanoUsd: string): string {
  const amount = BigInt(nanoUsd);
  const digits = String(amount < 0n ? -amount : amount).padStart(10, '0');
  return usd(`${amount < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`);
}

/** `+12 %` of what was before; undefined: there was nothing to compare with. */
export function difference(now: number, before: number): string | undefined {
  if (before === 0) return undefined;
  const percent = Math.round(((now - before) / before) * 100);
  return `${percent > 0 ? '+' : ''}${percent} %`;
}
