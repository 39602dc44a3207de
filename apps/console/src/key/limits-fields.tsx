import { Choice, SelectField, TextArea, TextField } from '../ui/field.tsx';
import { BudgetFields } from './budget-fields.tsx';
import type { KeyDraft } from './draft.ts';
import { ModelPicker } from './model-picker.tsx';

const expiries = [
  { value: 'never', label: 'Never' },
  { value: '7', label: 'In 7 days' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'on', label: 'On a day …' },
];

interface LimitsFieldsProps {
  draft: KeyDraft;
  change: (part: Partial<KeyDraft>) => void;
  faults: Record<string, string>;
}

/** What a key can be held to. Only what the gateway enforces is offered. */
export function LimitsFields({ draft, change, faults }: LimitsFieldsProps) {
  return (
    <>
      <div className="field-row">
        <SelectField
          label="Expires"
          options={expiries}
          value={draft.expiry}
          fault={draft.expiry === 'on' ? undefined : faults.expiresOn}
          onChange={(event) => change({ expiry: event.target.value as KeyDraft['expiry'] })}
        />
        {draft.expiry === 'on' && (
          <TextField
            label="Last day (UTC)"
            type="date"
            value={draft.expiresOn}
            fault={faults.expiresOn}
            onChange={(event) => change({ expiresOn: event.target.value })}
          />
        )}
      </div>
      <Choice
        legend="Execution"
        value={draft.execution}
        onChoose={(execution) => change({ execution })}
        options={[
          { value: 'any', label: 'Any', hint: 'Whatever the catalogue has, by each model’s own promise.' },
          {
            value: 'tee_only',
            label: 'Enclaves only',
            hint: 'Other models are refused with 403 before anything is sent.',
          },
        ]}
      />
      <ModelPicker
        value={draft.models}
        execution={draft.execution}
        fault={faults.models}
        onChange={(models) => change({ models })}
      />
      <TextArea
        label="Networks"
        rows={2}
        value={draft.networks}
        fault={faults.networks}
        hint="Addresses or CIDR ranges that it may be used from; empty: anywhere."
        placeholder="203.0.113.0/24"
        onChange={(event) => change({ networks: event.target.value })}
      />
      <BudgetFields {...{ draft, change, faults }} />
    </>
  );
}
