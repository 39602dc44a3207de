import type { ReactNode, SyntheticEvent } from 'react';
import { codeOf } from '../api/fault.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { useTimeZone } from '../ui/time-zone.ts';
import { toBody, type KeyDraft } from './draft.ts';
import { draftFaults } from './faults.ts';
import { limitsAsSentence } from './limits.ts';

interface KeyFormProps {
  draft: KeyDraft;
  change: (part: Partial<KeyDraft>) => void;
  /** When the form was opened, in milliseconds: days are counted from then. */
  openedAt: number;
  isNew?: boolean;
  /** What the last attempt was refused with. */
  error: Error | null;
  isBusy: boolean;
  /** What is done with it, and why it cannot be yet. */
  action: { label: string; reason?: string | undefined };
  onSubmit: () => void;
  onCancel: () => void;
  /** Whatever the key can be held to. */
  limits: (faults: Record<string, string>) => ReactNode;
  children?: ReactNode;
}

/** A key's name and limits, with the sentence that the gateway will enforce. */
export function KeyForm({ draft, change, openedAt, isNew = false, error, ...rest }: KeyFormProps) {
  const zone = useTimeZone();
  const faults = draftFaults(error);
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    rest.onSubmit();
  };
  // A recent sign-in is asked for over the form.
  const isTold = codeOf(error) === 'reauthentication_required' || Object.keys(faults).length > 0;
  const lacksModels = draft.models?.length === 0 ? 'Choose at least one model, or every model.' : undefined;
  return (
    <form noValidate onSubmit={submit}>
      <TextField
        label="Name"
        value={draft.name}
        maxLength={64}
        required
        fault={faults.name}
        {...(isNew && {
          autoFocus: true,
          placeholder: 'production-backend',
          hint: 'One key for each environment makes rotation and incidents simple.',
        })}
        onChange={(event) => change({ name: event.target.value })}
      />
      {rest.limits(faults)}
      <p className="summary">{limitsAsSentence(toBody(draft, openedAt), zone)}</p>
      {rest.children}
      {error && !isTold && <ProblemNote error={error} />}
      <div className="actions end">
        <Button onClick={rest.onCancel}>Cancel</Button>
        <Button kind="primary" type="submit" isBusy={rest.isBusy} reason={rest.action.reason ?? lacksModels}>
          {rest.action.label}
        </Button>
      </div>
    </form>
  );
}
