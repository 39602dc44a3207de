import { Checkbox, TextField } from '../ui/field.tsx';
import { windows, type BudgetWindow, type KeyDraft } from './draft.ts';

const labels: Record<BudgetWindow, string> = {
  total: 'In all, USD',
  month: 'A month, USD',
  week: 'A week, USD',
  day: 'A day, USD',
};
const rates = { rpm: 'Requests a minute', tpm: 'Tokens a minute', concurrency: 'Requests at a time' } as const;

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
        A request that could go beyond one is refused before it runs. Windows are UTC, weeks begin on Mondays; empty is
        no limit.
      </p>
      <div className="field-row">
        {windows.map((window) => (
          <TextField
            key={window}
            label={labels[window]}
            inputMode="decimal"
            value={draft.budgets[window]}
            fault={window === 'total' ? faults.budgets : undefined}
            onChange={(event) => spend(window, event.target.value)}
          />
        ))}
      </div>
      <SoftBudgets draft={draft} change={change} />
      <div className="field-row">
        {(Object.keys(rates) as (keyof typeof rates)[]).map((rate) => (
          <TextField
            key={rate}
            label={rates[rate]}
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

const named: Record<BudgetWindow, string> = { total: 'in all', month: 'a month', week: 'a week', day: 'a day' };

/** Which of the budgets that are typed in warn and refuse nothing. */
function SoftBudgets({ draft, change }: Omit<BudgetFieldsProps, 'faults'>) {
  const typed = windows.filter((window) => draft.budgets[window].trim() !== '');
  const choose = (window: BudgetWindow, isSoft: boolean) =>
    change({ softBudgets: [...draft.softBudgets.filter((one) => one !== window), ...(isSoft ? [window] : [])] });
  return typed.map((window) => (
    <Checkbox
      key={window}
      label={`Only warn beyond the amount ${named[window]}`}
      checked={draft.softBudgets.includes(window)}
      onChange={(event) => choose(window, event.target.checked)}
    />
  ));
}
