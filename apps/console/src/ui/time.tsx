import { useNow } from './now.ts';
import { exactTime, relativeTime } from './time-text.ts';
import { useTimeZone } from './time-zone.ts';

/** A moment: how long ago or until then, and exactly when on hovering. */
export function Time({ at, isExact = false }: { at: string; isExact?: boolean }) {
  const zone = useTimeZone();
  const now = useNow(15);
  const exact = exactTime(at, zone);
  return (
    <time dateTime={at} title={isExact ? undefined : exact}>
      {isExact ? exact : relativeTime(new Date(at).getTime(), Math.max(now, Date.now() - 15_000))}
    </time>
  );
}
