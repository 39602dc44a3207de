import type { TeamDetail } from '@orgn/console-api';
import { Suspense, useState } from 'react';
import { useReason } from '../permission/may.ts';
import { Button } from '../ui/button.tsx';
import { late } from '../page/late.tsx';

const Transfer = late(() => import('./transfer-dialog.tsx'));
const Delete = late(() => import('./delete-dialog.tsx'));

/** What cannot be undone. */
export function DangerZone({ team }: { team: TeamDetail }) {
  const [asked, setAsked] = useState<'transfer' | 'delete' | null>(null);
  const why = useReason();
  const close = () => setAsked(null);
  return (
    <section className="panel danger-zone" aria-labelledby="danger">
      <h2 id="danger">Hand over, or end</h2>
      <div className="choice-row">
        <p>
          <strong>Hand the team over</strong>
          <span className="quiet">Another member becomes an owner, and you an admin.</span>
        </p>
        <Button reason={why('team.transfer')} onClick={() => setAsked('transfer')}>
          Hand over
        </Button>
      </div>
      <div className="choice-row">
        <p>
          <strong>Delete the team</strong>
          <span className="quiet">Its keys are revoked and its people lose it, for good.</span>
        </p>
        <Button kind="danger" reason={why('team.delete')} onClick={() => setAsked('delete')}>
          Delete team
        </Button>
      </div>
      <Suspense fallback={null}>
        {asked === 'transfer' && <Transfer team={team} onClose={close} />}
        {asked === 'delete' && <Delete team={team} onClose={close} />}
      </Suspense>
    </section>
  );
}
