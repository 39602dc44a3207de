import { keyRoutes, type ConsoleKey, type ConsoleReplyOf } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useReason } from '../permission/may.ts';
import { useSession } from '../session/session.ts';
import { StepUpDialog } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Fact } from '../ui/fact.tsx';
import { Note } from '../ui/note.tsx';
import { useNow } from '../ui/now.ts';
import { duration, relativeSeconds } from '../ui/time-text.ts';
import { lastUseInWords, runningInWords } from './use-words.ts';

type Activity = ConsoleReplyOf<typeof keyRoutes.activity>;
type Use = Pick<Activity, 'lastUsedAt' | 'lastUsedWith' | 'lastUsedFrom' | 'running'>;
type Predecessor = NonNullable<Activity['predecessor']>;

const POLL_MS = 2_000;
const DAY_SECONDS = 86_400;

/** How callers move from the old secret to the new one, as it happens, and what can be done about it. */
export function RotationUnderway({ now: key, before }: { now: ConsoleKey; before: ConsoleKey }) {
  const params = { teamId: key.teamId, keyId: key.id };
  const query = useQuery({ ...queryOf(keyRoutes.activity, { params }), refetchInterval: POLL_MS });
  return (
    <Loaded query={query} lines={3}>
      {(activity) =>
        activity.predecessor ? (
          <section className="underway">
            <div className="two">
              <UsePanel title="Old secret" hint={before.hint} use={activity.predecessor} ends={activity.predecessor} />
              <UsePanel title="New secret" hint={key.hint} use={activity} />
            </div>
            <div role="status" aria-live="polite">
              <Advice now={activity} before={activity.predecessor} />
            </div>
            <Brakes before={before} />
          </section>
        ) : null
      }
    </Loaded>
  );
}

function UsePanel({ title, hint, use, ends }: { title: string; hint: string; use: Use; ends?: Predecessor }) {
  const now = useNow(1);
  return (
    <div className="panel">
      <h2>{title}</h2>
      <dl className="facts">
        <Fact name="Hint">
          <code>{hint}</code>
        </Fact>
        <Fact name="Last used">
          {use.lastUsedAt
            ? `${relativeSeconds(new Date(use.lastUsedAt).getTime(), now)} ${lastUseInWords(use)}`
            : 'not yet'}
        </Fact>
        <Fact name="Running now">{runningInWords(use.running)}</Fact>
        {ends && <Fact name="Ends">{endOf(ends, now)}</Fact>}
      </dl>
    </div>
  );
}

/** Until the first use of the new one no time runs, except for the thirty days in which that must come. */
function endOf({ expiresAt, isAwaitingFirstUse }: Predecessor, now: number): string {
  if (expiresAt === null) return 'after the first use of the new one';
  const left = duration(new Date(expiresAt).getTime() - now);
  return isAwaitingFirstUse
    ? `its time begins with the first use of the new one; at the latest in ${left}`
    : `in ${left}`;
}

function Advice({ now, before }: { now: Use; before: Use }) {
  if (now.lastUsedAt === null) {
    return (
      <Note title="Put the new secret where your callers read it from">
        <p>Nothing ends before it was used once.</p>
      </Note>
    );
  }
  const isLate = before.lastUsedAt !== null && before.lastUsedAt > now.lastUsedAt;
  if (isLate || (before.running?.requests ?? 0) > 0) {
    return (
      <Note kind="warning" title="Some callers still use the old secret">
        <p>Find them by their client and network above before you finish.</p>
      </Note>
    );
  }
  return (
    <Note kind="good" title="Nobody has used the old secret since the last call with the new one">
      <p>You can finish now, or let its time run out.</p>
    </Note>
  );
}

function Brakes({ before }: { before: ConsoleKey }) {
  const { user } = useSession();
  const why = useReason();
  const isOwn = before.owner?.id === user.id;
  const params = { teamId: before.teamId, keyId: before.id };
  const finish = useChange(keyRoutes.revoke, { done: 'The old secret has ended.' });
  const extend = useChange(keyRoutes.extend, { done: 'The old secret has a day more.' });
  const isStale = codeOf(extend.error) === 'reauthentication_required';
  const more = () => extend.mutate({ params, body: { graceSeconds: DAY_SECONDS } });
  return (
    <>
      {finish.error && <ProblemNote error={finish.error} />}
      {extend.error && !isStale && <ProblemNote error={extend.error} />}
      <div className="actions">
        <Button
          kind="danger"
          reason={why('keys.revoke', isOwn)}
          isBusy={finish.isPending}
          onClick={() => finish.mutate({ params, body: { reason: 'rotated', confirm: true } })}
        >
          Finish now
        </Button>
        <Button reason={why('keys.rotate', isOwn)} isBusy={extend.isPending} onClick={more}>
          Give it a day more
        </Button>
        <p className="quiet grow">
          Finishing ends the old secret at once: callers that still have it are refused with 401.
        </p>
      </div>
      {isStale && <StepUpDialog purpose="give an old key more time" onClose={() => extend.reset()} onDone={more} />}
    </>
  );
}
