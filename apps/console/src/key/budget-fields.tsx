import { TextField } from '../ui/field.tsx';
import type { BudgetWindow, KeyDraft } from './draft.ts';

const windows: Record<BudgetWindow, string> = {
  total: 'In all, USD',
  month: 'A month, USD',
  week: 'A week, USD',
  day: 'A day, USD',
};

interface BudgetFieldsProps {
  draft: KeyDraft;
  change: (part: Partial<KeyDraft>) => void;
  faults: Record<string, string>;
}

/** What a key may spend, and how fast. Both hold for its whole rotation family, at every gateway together. */
export function BudgetFields({ draft, change, faults }: BudgetFieldsProps) {
  const spend = (window: BudgetWindow, amount: string) => change({ budgets: { ...draft.budgets, [window]: amount } });
  return (
    <fieldset className="budgets">
      <legend>Budget and rates</legend>
      <p className="field-hint">
        Hard: a request that could go beyond one is refused before it runs. Windows are UTC, weeks begin on Mondays;
        empty is no limit.
      </p>
      <div className="field-row">
        {(Object.keys(windows) as BudgetWindow[]).map((window) => (
          <TextField
            key={window}
            label={windows[window]}
            inputMode="decimal"
            value={draft.budgets[window]}
            fault={window === 'total' ? faults.budgets : undefined}
            onChange={(event) => spend(window, event.target.value)}
          />
        ))}
      </div>
      <div className="field-row">
        {(['rpm', 'tpm'] as const).map((rate) => (
          <TextField
            key={rate}
            label={rate === 'rpm' ? 'Requests a minute' : 'Tokens a minute'}
            inputMode="numeric"
            value={draft[rate]}
            fault={faults[rate]}
            onChange={(event) => change({ [rate]: event.target.value })}
          />
        ))}
      </div>
    </fieldset>
  );
}
