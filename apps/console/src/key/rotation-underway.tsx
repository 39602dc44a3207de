import { keyRoutes, type ConsoleKey } from '@orgn/console-api';
import { useChange } from '../api/change.ts';
import { useReason } from '../permission/may.ts';
import { useSession } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { useNow } from '../ui/now.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { duration, relativeSeconds } from '../ui/time-text.ts';
import { Fact } from './key-facts.tsx';

interface UnderwayProps {
  now: ConsoleKey;
  before: ConsoleKey;
}

/** How callers move from the old secret to the new one, as it happens, and the brakes. */
export function RotationUnderway({ now: key, before }: UnderwayProps) {
  const { user } = useSession();
  const reason = useReason()('keys.revoke', before.owner?.id === user.id);
  const finish = useChange(keyRoutes.revoke);
  const now = useNow(1);
  const end = () =>
    finish.mutate({
      params: { teamId: before.teamId, keyId: before.id },
      body: { reason: 'rotated', confirm: true },
    });
  const hasMoved = key.lastUsedAt !== null;
  return (
    <section className="underway" aria-live="polite">
      <div className="two">
        <div className="panel">
          <h2>Old secret</h2>
          <dl className="facts">
            <Fact name="Hint">
              <code>{before.hint}</code>
            </Fact>
            <Fact name="Last used">
              {before.lastUsedAt ? relativeSeconds(new Date(before.lastUsedAt).getTime(), now) : 'never'}
            </Fact>
            <Fact name="Ends">{endOf(before, hasMoved, now)}</Fact>
          </dl>
        </div>
        <div className="panel">
          <h2>New secret</h2>
          <dl className="facts">
            <Fact name="Hint">
              <code>{key.hint}</code>
            </Fact>
            <Fact name="Last used">
              {key.lastUsedAt ? relativeSeconds(new Date(key.lastUsedAt).getTime(), now) : 'not yet'}
            </Fact>
          </dl>
        </div>
      </div>
      <Advice hasMoved={hasMoved} isStillUsed={isStillUsed(key, before)} />
      {finish.error && <ProblemNote error={finish.error} />}
      <div className="actions">
        <Button kind="danger" reason={reason} isBusy={finish.isPending} onClick={end}>
          Finish now
        </Button>
        <p className="quiet grow">Ends the old secret at once. Callers that still have it are refused with 401.</p>
      </div>
    </section>
  );
}

function Advice({ hasMoved, isStillUsed: isLate }: { hasMoved: boolean; isStillUsed: boolean }) {
  if (!hasMoved)
    return (
      <Note title="Put the new secret where your callers read it from">Nothing ends before it was used once.</Note>
    );
  if (isLate)
    return (
      <Note kind="warning" title="Some callers still use the old secret">
        Its last use is newer than the first move.
      </Note>
    );
  return (
    <Note kind="good" title="Nobody has used the old secret since the new one is in use">
      You can finish now.
    </Note>
  );
}

/** Whether the old secret was used within the last minutes of the new one's use. */
function isStillUsed(key: ConsoleKey, before: ConsoleKey): boolean {
  if (!key.lastUsedAt || !before.lastUsedAt) return false;
  return new Date(before.lastUsedAt).getTime() > new Date(key.lastUsedAt).getTime() - 60_000;
}

/** Until the first use of the new one no time runs, except for the thirty days in which that must come. */
function endOf({ expiresAt }: ConsoleKey, hasMoved: boolean, now: number): string {
  if (expiresAt === null) return 'after the first use of the new one';
  const left = duration(new Date(expiresAt).getTime() - now);
  return hasMoved
    ? `in ${left}`
    : `its grace period begins with the first use of the new one; at the latest in ${left}`;
}
