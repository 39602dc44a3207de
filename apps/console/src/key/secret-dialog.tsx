import { keyRoutes, type NewKey } from '@orgn/console-api';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { invalidate } from '../api/change.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { FirstUse } from './first-use.tsx';
import { SecretOnce } from './secret-once.tsx';
import { modelFor } from './snippets.ts';

/** The secret of a new key. It closes by the person's word that they have it, and by nothing else. */
export function SecretDialog({ made, onClose }: { made: NewKey; onClose: () => void }) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const close = () => {
    onClose();
    void invalidate(queries, keyRoutes.create);
  };
  return (
    <Dialog title={`Key “${made.name}” is ready`} isAsking isWide onClose={() => setAsking(true)}>
      <SecretOnce secret={made.key} hint={made.hint} model={modelFor(made.models)} />
      <FirstUse teamId={made.teamId} keyId={made.id} />
      <div className="actions end">
        {isAsking && <p className="grow">The secret will be gone. Do you have it?</p>}
        {isAsking && <Button onClick={() => setAsking(false)}>Not yet</Button>}
        <Button kind="primary" onClick={close}>
          I have saved it
        </Button>
      </div>
    </Dialog>
  );
}
