import type { ComponentProps, ReactNode } from 'react';
import type { Option } from './field.tsx';

/** What a list is narrowed by, in one line. `found`: what is left of it, in words. */
export function Filters({ children, found }: { children: ReactNode; found?: string }) {
  return (
    <div className="filters">
      {children}
      {found !== undefined && (
        <p className="quiet" role="status" aria-live="polite">
          {found}
        </p>
      )}
    </div>
  );
}

interface InputFilterProps extends Omit<ComponentProps<'input'>, 'onChange'> {
  label: string;
  onChange: (value: string) => void;
}

export function InputFilter({ label, onChange, ...rest }: InputFilterProps) {
  return (
    <label>
      <span>{label}</span>
      <input type="search" spellCheck={false} {...rest} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

interface SelectFilterProps {
  label: string;
  options: readonly Option[];
  value: string;
  onChange: (value: string) => void;
}

export function SelectFilter({ label, options, value, onChange }: SelectFilterProps) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
