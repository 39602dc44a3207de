import { usd } from '../ui/figures.ts';

/** To the cent, downwards, for where many stand beside each other. */
export function roughly(nanoUsd: string): string {
  const cents = BigInt(nanoUsd) / 10_000_000n;
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return usd(`${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`);
}

/** How long the balance lasts, in words. */
export function lasts(daysLeft: number | null): string {
  if (daysLeft === null) return 'nothing is spent';
  if (daysLeft < 1) return 'less than a day';
  if (daysLeft > 730) return 'more than two years';
  const days = Math.floor(daysLeft);
  return days === 1 ? 'about a day' : `about ${days} days`;
}
