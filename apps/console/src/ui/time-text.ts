const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

// The language of the page, not of the browser: what stands around it is English.
// Lengths and no days of the calendar: 30 hours from now need not be tomorrow.
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `3 minutes ago`, `in 2 days`; within a minute `now`. Both in milliseconds. */
export function relativeTime(at: number, now: number): string {
  const seconds = (at - now) / 1_000;
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? [];
  if (unit === undefined || size === undefined) return seconds > 30 ? 'in less than a minute' : 'just now';
  return relative.format(Math.trunc(seconds / size), unit);
}

/** `27 Nov 2026, 14:02:05` in a time zone (IANA name). */
export function exactTime(at: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone });
  return format.format(new Date(at));
}

/** `27 Nov 2026` in a time zone. */
export function exactDay(at: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone }).format(new Date(at));
}

/** `1 d 3 h`, `4 min 09 s`, `12 s`: how long something still takes, in its two largest parts. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${String(seconds % 60).padStart(2, '0')} s` : `${seconds} s`;
}

/** `2 s ago` within a minute, then as `relativeTime`. */
export function relativeSeconds(at: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - at) / 1_000));
  return seconds < 60 ? `${seconds} s ago` : relativeTime(at, now);
}
