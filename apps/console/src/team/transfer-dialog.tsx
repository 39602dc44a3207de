import { memberRoutes, teamRoutes, type TeamDetail } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allPagesOf } from '../api/all-pages.ts';
import { useChange } from '../api/change.ts';
import { StepUpDialog, useIsFresh } from '../session/step-up.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField } from '../ui/field.tsx';
import { ProblemNote } from '../page/problem-note.tsx';

/** Makes another member an owner; whoever asks becomes an admin. */
export default function TransferDialog({ team, onClose }: { team: TeamDetail; onClose: () => void }) {
  const isFresh = useIsFresh();
  const params = { teamId: team.id };
  const { data } = useQuery(allPagesOf(memberRoutes.list, { params }));
  const others = data?.rows.filter(({ isYou }) => !isYou) ?? [];
  const [userId, setUserId] = useState('');
  const transfer = useChange(teamRoutes.transfer, { done: 'The team is handed over. You are an admin now.' });
  if (isFresh === null) return null;
  if (!isFresh) return <StepUpDialog purpose="hand the team over" onClose={onClose} />;
  const options = [
    { value: '', label: 'Choose …' },
    ...others.map(({ id, name, email }) => ({ value: id, label: `${name}, ${email}` })),
  ];
  const submit = () => transfer.mutate({ params, body: { userId: userId } }, { onSuccess: onClose });
  return (
    <Dialog title={`Hand ${team.name} over`} onClose={onClose}>
      <p>They can do everything then, and you what admins can. Only they, or another owner, can give ownership back.</p>
      <SelectField label="To" options={options} value={userId} onChange={(event) => setUserId(event.target.value)} />
      {transfer.error && <ProblemNote error={transfer.error} />}
      <div className="actions end">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="danger"
          isBusy={transfer.isPending}
          reason={userId === '' ? 'Choose somebody.' : undefined}
          onClick={submit}
        >
          Hand over
        </Button>
      </div>
    </Dialog>
  );
}
