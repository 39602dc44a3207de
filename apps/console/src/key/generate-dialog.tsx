import { keyRoutes, type NewKey } from '@orgn/console-api';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { StepUpDialog } from '../session/step-up.tsx';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Code } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useTimeZone } from '../ui/time-zone.ts';
import { asConsoleCall } from './console-call.ts';
import { emptyDraft, toBody, type KeyDraft } from './draft.ts';
import { draftFaults } from './faults.ts';
import { LimitsFields } from './limits-fields.tsx';
import { limitsAsSentence } from './limits.ts';

interface GenerateDialogProps {
  onMade: (key: NewKey) => void;
  onClose: () => void;
}

/** A name, and behind one button whatever the key shall be held to. */
export function GenerateDialog({ onMade, onClose }: GenerateDialogProps) {
  const { id: teamId, settings } = useTeam();
  const zone = useTimeZone();
  const [draft, setDraft] = useState(() => emptyDraft(settings.defaultExecutionPolicy));
  const [openedAt] = useState(Date.now);
  // The list is made old when the secret is off the screen: a new list would take it away.
  const make = useChange(keyRoutes.create, { isInvalidating: false });
  const change = (part: Partial<KeyDraft>) => setDraft((before) => ({ ...before, ...part }));
  const submit = () => {
    make.mutate(
      { params: { teamId }, body: toBody(draft, Date.now()) },
      {
        onSuccess: (made) => {
          make.reset();
          onMade(made);
        },
      },
    );
  };
  const faults = draftFaults(make.error);
  const body = toBody(draft, openedAt);
  const isStale = codeOf(make.error) === 'reauthentication_required';
  return (
    <Dialog title="Generate an API key" onClose={onClose} isAsking>
      <form
        noValidate
        onSubmit={(event: SyntheticEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label="Name"
          value={draft.name}
          maxLength={64}
          required
          autoFocus
          fault={faults.name}
          placeholder="production-backend"
          hint="One key for each environment makes rotation and incidents simple."
          onChange={(event) => change({ name: event.target.value })}
        />
        <details className="restrict">
          <summary>Restrict</summary>
          <LimitsFields {...{ draft, change, faults }} />
        </details>
        <p className="summary">{limitsAsSentence(body, zone)}</p>
        <details className="api-call">
          <summary>The same by API</summary>
          <Code label="API call" text={asConsoleCall(keyRoutes.create, { params: { teamId }, body })} />
        </details>
        {make.error && !isStale && Object.keys(faults).length === 0 && <ProblemNote error={make.error} />}
        <div className="actions end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={make.isPending}
            reason={body.name === '' ? 'The key needs a name.' : undefined}
          >
            Generate
          </Button>
        </div>
      </form>
      {isStale && <StepUpDialog purpose="make a key" onClose={() => make.reset()} onDone={submit} />}
    </Dialog>
  );
}
