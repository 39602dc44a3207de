import { useId, type ComponentProps, type ReactNode } from 'react';
import './field.css';

interface FieldProps {
  label: string;
  hint?: ReactNode;
  /** What is wrong with what was typed. */
  fault?: string | undefined;
}

interface Wiring {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

/** A label, the control, a hint, and what is wrong, tied together for those who do not see them side by side. */
function Field({ label, hint, fault, control }: FieldProps & { control: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`]
    .filter(Boolean)
    .join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {control({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': fault === undefined ? undefined : true,
      })}
      {fault !== undefined && (
        <p className="field-fault" id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
      {hint !== undefined && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function TextField({ label, hint, fault, ...rest }: FieldProps & ComponentProps<'input'>) {
  return (
    <Field
      {...{ label, hint, fault }}
      control={(wiring) => <input type="text" autoComplete="off" spellCheck={false} {...rest} {...wiring} />}
    />
  );
}

export function TextArea({ label, hint, fault, ...rest }: FieldProps & ComponentProps<'textarea'>) {
  return (
    <Field {...{ label, hint, fault }} control={(wiring) => <textarea spellCheck={false} {...rest} {...wiring} />} />
  );
}

export interface Option {
  value: string;
  label: string;
}

export function SelectField({
  label,
  hint,
  fault,
  options,
  ...rest
}: FieldProps & ComponentProps<'select'> & { options: readonly Option[] }) {
  return (
    <Field
      {...{ label, hint, fault }}
      control={(wiring) => (
        <select {...rest} {...wiring}>
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    />
  );
}

interface ChoiceProps<T extends string> {
  legend: string;
  options: readonly { value: T; label: string; hint?: string }[];
  value: T;
  onChoose: (value: T) => void;
}

/** One of a few, each with what it means. */
export function Choice<T extends string>({ legend, options, value, onChoose }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className="choice">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
          />
          <span>
            {option.label}
            {option.hint !== undefined && <small>{option.hint}</small>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

export function Checkbox({ label, hint, ...rest }: { label: string; hint?: string } & ComponentProps<'input'>) {
  return (
    <label className="checkbox">
      <input type="checkbox" {...rest} />
      <span>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </span>
    </label>
  );
}
