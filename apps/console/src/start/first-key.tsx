import { keyRoutes, type NewKey } from '@orgn/console-api';
import { useState } from 'react';
import { Link } from 'react-router';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { useReason } from '../permission/may.ts';
import { paths } from '../paths.ts';
import { useSession } from '../session/session.ts';
import { StepUpDialog } from '../session/step-up.tsx';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useTimeZone } from '../ui/time-zone.ts';

const DAYS_MS = 30 * 86_400_000;

/** `olivia-laptop`: a name that is not taken twice, because the time is in it when it must be. */
function presetName(person: string, isTaken: boolean): string {
  const first =
    person
      .split(' ')[0]
      ?.toLowerCase()
      .replace(/[^\p{L}\p{N}-]/gu, '')
      .slice(0, 40) || 'my';
  return isTaken ? `${first}-laptop-${Date.now().toString(36).slice(-4)}` : `${first}-laptop`;
}

interface FirstKeyProps {
  onMade: (key: NewKey) => void;
  /** What a key is held to, as a sentence. */
  describe: (
    limits: Pick<NewKey, 'models' | 'executionPolicy' | 'ipAllowList' | 'expiresAt'>,
    timeZone: string,
  ) => string;
}

/** A key by one click: named, for thirty days, and held to what the team's keys are held to. */
export function FirstKey({ onMade, describe }: FirstKeyProps) {
  const team = useTeam();
  const { user } = useSession();
  const zone = useTimeZone();
  const reason = useReason()('keys.create');
  const [expiresAt] = useState(() => new Date(Date.now() + DAYS_MS).toISOString());
  const make = useChange(keyRoutes.create, { done: 'The key is made.', isSeen: true, isInvalidating: false });
  const code = codeOf(make.error);
  const name = presetName(user.name, false);
  const limits = { executionPolicy: team.settings.defaultExecutionPolicy, models: null, ipAllowList: null, expiresAt };
  const submit = (asked = name) =>
    make.mutate(
      { params: { teamId: team.id }, body: { name: asked, ...limits } },
      {
        onSuccess: (made) => {
          make.reset();
          onMade(made);
        },
        // The name is a proposal of this page: where it is taken, another one does as well.
        onError: (error) => {
          if (codeOf(error) === 'request_conflict' && asked === name) submit(presetName(user.name, true));
        },
      },
    );
  return (
    <>
      <p>
        Its name will be <strong>{name}</strong>. {describe(limits, zone)}{' '}
        <Link to={`${paths.keys({ teamId: team.id })}?generate=`}>Choose something else</Link>
      </p>
      {make.error && code !== 'reauthentication_required' && <ProblemNote error={make.error} />}
      <Button kind="primary" reason={reason} isBusy={make.isPending} onClick={() => submit()}>
        Make key
      </Button>
      {code === 'reauthentication_required' && <StepUpDialog purpose="make a key" onClose={() => make.reset()} />}
    </>
  );
}
