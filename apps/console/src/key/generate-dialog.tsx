import { keyRoutes, type NewKey } from '@orgn/console-api';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { StepUpDialog } from '../session/step-up.tsx';
import { useTeam } from '../session/team.ts';
import { Code } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { asConsoleCall } from './console-call.ts';
import { emptyDraft, toBody, type KeyDraft } from './draft.ts';
import { KeyForm } from './key-form.tsx';
import { LimitsFields } from './limits-fields.tsx';

interface GenerateDialogProps {
  onMade: (key: NewKey) => void;
  onClose: () => void;
}

/** A name, and behind one button whatever the key shall be held to. */
export function GenerateDialog({ onMade, onClose }: GenerateDialogProps) {
  const { id: teamId, settings } = useTeam();
  const [draft, setDraft] = useState(() => emptyDraft(settings.defaultExecutionPolicy));
  const [openedAt] = useState(Date.now);
  // The list is made old when the secret is off the screen: a new list would take it away.
  const make = useChange(keyRoutes.create, { done: 'The key is made.', isSeen: true, isInvalidating: false });
  const change = (part: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const body = toBody(draft, openedAt);
  const submit = () =>
    make.mutate(
      { params: { teamId }, body: toBody(draft, Date.now()) },
      {
        onSuccess: (made) => {
          make.reset();
          onMade(made);
        },
      },
    );
  return (
    <Dialog title="Generate an API key" onClose={onClose} isAsking>
      <KeyForm
        {...{ draft, change, openedAt, error: make.error }}
        isNew
        isBusy={make.isPending}
        action={{ label: 'Generate', reason: body.name === '' ? 'The key needs a name.' : undefined }}
        onSubmit={submit}
        onCancel={onClose}
        limits={(faults) => (
          <details className="restrict">
            <summary>Restrict</summary>
            <LimitsFields {...{ draft, change, faults }} />
          </details>
        )}
      >
        <details className="api-call">
          <summary>The same by API</summary>
          <Code label="API call" text={asConsoleCall(keyRoutes.create, { params: { teamId }, body })} />
        </details>
      </KeyForm>
      {codeOf(make.error) === 'reauthentication_required' && (
        <StepUpDialog purpose="make a key" onClose={() => make.reset()} onDone={submit} />
      )}
    </Dialog>
  );
}
