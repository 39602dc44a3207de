import { modelRoutes, type ConsoleModel } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryOf } from '../api/query.ts';
import { useTeam } from '../session/team.ts';
import { Checkbox, Choice } from '../ui/field.tsx';
import type { KeyDraft } from './draft.ts';

interface ModelPickerProps {
  value: KeyDraft['models'];
  execution: KeyDraft['execution'];
  fault: string | undefined;
  onChange: (models: KeyDraft['models']) => void;
}

/** Every model, or some of the catalogue. Of those that are chosen, none is lost because the catalogue lacks it now. */
export function ModelPicker({ value, execution, fault, onChange }: ModelPickerProps) {
  const { id: teamId } = useTeam();
  const { data } = useQuery({ ...queryOf(modelRoutes.list, { params: { teamId } }), staleTime: 60_000 });
  return (
    <>
      <Choice<'every' | 'some'>
        legend="Models"
        value={value === null ? 'every' : 'some'}
        onChoose={(which) => onChange(which === 'every' ? null : [])}
        options={[
          { value: 'every', label: 'Every model', hint: 'Also those that the catalogue gets later.' },
          { value: 'some', label: 'Only these', hint: 'Others are refused with 403.' },
        ]}
      />
      {value !== null && (
        <ModelList
          chosen={value}
          models={data?.data.filter((model) => execution === 'any' || model.execution === 'tee') ?? []}
          isKnown={data !== undefined}
          onChange={onChange}
        />
      )}
      {fault !== undefined && <p className="field-fault">{fault}</p>}
    </>
  );
}

interface ModelListProps {
  chosen: readonly string[];
  models: readonly ConsoleModel[];
  isKnown: boolean;
  onChange: (models: string[]) => void;
}

function ModelList({ chosen, models, isKnown, onChange }: ModelListProps) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const absent = chosen.filter((id) => !models.some((model) => model.id === id));
  const rows = [
    ...absent.map((id) => ({ id, label: id, hint: isKnown ? 'not in the catalogue for such a key' : '' })),
    ...models.map(({ id, displayName, provider }) => ({ id, label: displayName, hint: `${id}, by ${provider}` })),
  ];
  const shown = rows.filter(({ id, label }) => `${id} ${label}`.toLowerCase().includes(wanted));
  const toggle = (id: string) =>
    onChange(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <div className="picker">
      <input
        type="search"
        aria-label="Search models"
        placeholder="Search by name or id"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="picker-list" role="group" aria-label="Models of the catalogue" tabIndex={0}>
        {shown.map(({ id, label, hint }) => (
          <Checkbox key={id} label={label} hint={hint} checked={chosen.includes(id)} onChange={() => toggle(id)} />
        ))}
        {shown.length === 0 && (
          <p className="quiet">{isKnown ? 'No model matches.' : 'The catalogue is being read …'}</p>
        )}
      </div>
    </div>
  );
}
