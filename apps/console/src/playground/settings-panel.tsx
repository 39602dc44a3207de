import type { ConsoleModel } from '@orgn/console-api';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';
import { AskedUnder } from './asked-under.tsx';
import type { Settings } from './chat-request.ts';
import type { Desk } from './desk.ts';
import { faultsOf } from './faults.ts';
import { fieldsFor, othersFor, type Parameter } from './parameters.ts';

interface SettingsProps {
  desk: Desk;
  settings: Settings;
  asKey: string;
  /** Those that are asked. */
  models: readonly ConsoleModel[];
}

/** What is said to the model beside the conversation. */
export function SettingsPanel({ desk, settings, asKey, models }: SettingsProps) {
  const taken = [...new Set(models.flatMap(({ parameters }) => parameters))];
  const faults = Object.fromEntries(faultsOf(settings, models).map(({ name, fault }) => [name, fault]));
  const others = othersFor(taken);
  return (
    <aside className="panel settings-panel" aria-label="Settings">
      <AskedUnder desk={desk} asKey={asKey} />
      <TextArea
        label="System prompt"
        rows={4}
        value={settings.system}
        onChange={({ target }) => desk.set({ system: target.value })}
      />
      {models.some(({ capabilities }) => capabilities.includes('tools')) && (
        <TextArea
          label="Tools"
          rows={4}
          hint="A JSON list, as the API takes it. You type in what a called tool gives back."
          placeholder='[{"name": "get_time", "parameters": {"type": "object"}}]'
          value={settings.tools}
          fault={faults.tools}
          onChange={({ target }) => desk.set({ tools: target.value })}
        />
      )}
      <details className="restrict">
        <summary>Parameters{countOf(settings)}</summary>
        <div className="parameters">
          {fieldsFor(taken).map((parameter) => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              value={settings.values[parameter.name] ?? ''}
              fault={faults[parameter.name]}
              onChange={(value) => desk.set({ values: { ...settings.values, [parameter.name]: value } })}
            />
          ))}
        </div>
        {others.length > 0 && (
          <TextArea
            label="Further parameters"
            rows={3}
            hint={<Others names={others} />}
            value={settings.others}
            fault={faults.others}
            onChange={({ target }) => desk.set({ others: target.value })}
          />
        )}
      </details>
    </aside>
  );
}

function Others({ names }: { names: readonly string[] }) {
  return (
    <details>
      <summary>A JSON object of what has no field here</summary>
      {names.join(', ')}
    </details>
  );
}

function countOf({ values, others }: Settings): string {
  const set = [...Object.values(values), others].filter((typed) => typed.trim() !== '').length;
  return set === 0 ? '' : ` (${set} set)`;
}

interface ParameterFieldProps {
  parameter: Parameter;
  value: string;
  fault: string | undefined;
  onChange: (value: string) => void;
}

function ParameterField({ parameter, value, fault, onChange }: ParameterFieldProps) {
  const { name, hint, kind } = parameter;
  const wiring = {
    ...{ label: name, hint, fault, value },
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  if (kind === 'choice') {
    const options = [{ value: '', label: 'not set' }, ...parameter.choices.map((one) => ({ value: one, label: one }))];
    return <SelectField {...wiring} options={options} />;
  }
  // What it means is told by its tip: fields of numbers stand two in a row.
  if (kind === 'number')
    return <TextField {...wiring} hint={undefined} title={hint} inputMode="decimal" placeholder="not set" />;
  return <TextArea {...wiring} rows={2} placeholder="not set" />;
}
