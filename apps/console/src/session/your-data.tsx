import { accountRoutes } from '@orgn/console-api';
import { Download } from 'lucide-react';
import { Suspense, useState } from 'react';
import { api } from '../api/client.ts';
import { useOfflineSince } from '../api/online.ts';
import { Button } from '../ui/button.tsx';
import { late } from '../page/late.tsx';

const DeleteAccountDialog = late(() => import('./delete-account-dialog.tsx'));

/** What is held of the person: to have, and to have forgotten. */
export function YourData() {
  const [isAsked, setAsked] = useState(false);
  const offline = useOfflineSince();
  return (
    <section className="panel" aria-labelledby="data">
      <h2 id="data">Your data</h2>
      <div className="choice-row">
        <p>
          <strong>Have it</strong>
          <span className="quiet">
            Who you are here, your sessions, teams and keys (no secrets), what you used and did. As JSON.
          </span>
        </p>
        <a className="button plain" href={api.addressOf(accountRoutes.export, {})} download="my-data.json">
          <Download aria-hidden size={16} />
          Download my data
        </a>
      </div>
      <div className="choice-row">
        <p>
          <strong>Have it forgotten</strong>
          <span className="quiet">
            Your name, address, identity and sessions go. Your id stays in logs and usage, and says nothing any more.
          </span>
        </p>
        <Button
          kind="danger"
          reason={offline === null ? undefined : 'This browser is offline.'}
          onClick={() => setAsked(true)}
        >
          Delete my account
        </Button>
      </div>
      <Suspense fallback={null}>{isAsked && <DeleteAccountDialog onClose={() => setAsked(false)} />}</Suspense>
    </section>
  );
}
