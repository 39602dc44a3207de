import { billingRoutes, keyRoutes, teamRoutes, type TeamDetail } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { allPagesOf } from '../api/all-pages.ts';
import { useChange } from '../api/change.ts';
import { queryOf } from '../api/query.ts';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { money } from '../ui/figures.ts';
import { Note } from '../ui/note.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { LeaverKeys } from './leaver-keys.tsx';

/** Deletes a team, after saying what is lost with it and asking for its name. */
export default function DeleteDialog({ team, onClose }: { team: TeamDetail; onClose: () => void }) {
  const isFresh = useIsFresh();
  const navigate = useNavigate();
  const params = { teamId: team.id };
  const { data } = useQuery(allPagesOf(keyRoutes.list, { params }));
  const live = data?.rows.filter(({ state }) => state !== 'revoked' && state !== 'expired') ?? [];
  const [typed, setTyped] = useState('');
  const remove = useChange(teamRoutes.delete, { done: `${team.name} is deleted.` });
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="delete the team" onClose={onClose} />;
  const submit = () =>
    remove.mutate(
      { params, body: { confirm: true } },
      { onSuccess: () => void navigate(paths.home(), { replace: true }) },
    );
  return (
    <Dialog title={`Delete ${team.name}?`} onClose={onClose} isAsking>
      <p>Lost for good: the team, its members’ access, its invitations, and every key:</p>
      {live.length === 0 ? <p className="quiet">It has no key that has not ended.</p> : <LeaverKeys keys={live} />}
      <LostBalance teamId={team.id} />
      <TextField
        label={`To go on, type the team’s name: ${team.name}`}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {remove.error && <ProblemNote error={remove.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="danger"
          isBusy={remove.isPending}
          reason={typed.trim() === team.name ? undefined : 'Type the name first.'}
          onClick={submit}
        >
          Delete team
        </Button>
      </div>
    </Dialog>
  );
}

/** What the team has paid and not used. Nobody gets it back by itself. */
function LostBalance({ teamId }: { teamId: TeamDetail['id'] }) {
  const { data } = useQuery(queryOf(billingRoutes.balance, { params: { teamId } }));
  if (!data || BigInt(data.fundsNanoUsd) === 0n) return null;
  return (
    <Note kind="warning" title={`Its balance of ${money(data.fundsNanoUsd)} is lost`}>
      <p>Ask the operator for it first: nothing is paid back by itself.</p>
    </Note>
  );
}
