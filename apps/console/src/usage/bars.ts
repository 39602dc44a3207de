/** One unit of time, and what of it belongs to which group; `null`: the rest. */
export interface Unit {
  at: string;
  parts: { name: string | null; value: number }[];
  total: number;
}

interface Point {
  at: string;
  name: string | null;
  value: number;
}

const STEP_MS = { hour: 3_600_000, day: 86_400_000 };

/** Every unit from one moment to another, also those in which nothing happened. */
export function toUnits(
  points: readonly Point[],
  { from, until, unit }: { from: string; until: string; unit: 'hour' | 'day' },
): Unit[] {
  const byTime = Map.groupBy(points, ({ at }) => new Date(at).getTime());
  const units: Unit[] = [];
  for (let at = new Date(from).getTime(); at < new Date(until).getTime(); at += STEP_MS[unit]) {
    const parts = (byTime.get(at) ?? []).map(({ name, value }) => ({ name, value }));
    units.push({ at: new Date(at).toISOString(), parts, total: parts.reduce((sum, { value }) => sum + value, 0) });
  }
  return units;
}

/** The round number at or above a value that an axis ends with. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * size >= value) ?? 10) * size;
}
