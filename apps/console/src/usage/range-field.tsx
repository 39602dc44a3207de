import type { Address } from '../page/use-address.ts';
import { InputFilter, SelectFilter } from '../ui/filters.tsx';
import { rangeNames, ranges } from './filters.ts';

/** For which while: one of four, or from one day to another. */
export function RangeField({ search, set, wired }: Pick<Address, 'search' | 'set' | 'wired'>) {
  const isOwn = search.has('from') || search.has('to');
  const choose = (value: string) => {
    const today = new Date().toISOString().slice(0, 10);
    set(value === 'own' ? { from: today, to: today, range: '' } : { range: value, from: '', to: '' });
  };
  return (
    <>
      <SelectFilter
        label="While"
        options={[
          ...ranges.map((range) => ({ value: range, label: rangeNames[range] })),
          { value: 'own', label: 'From … to …' },
        ]}
        value={isOwn ? 'own' : (search.get('range') ?? '30d')}
        onChange={choose}
      />
      {isOwn && (
        <>
          <InputFilter type="date" label="From (UTC)" {...wired('from')} />
          <InputFilter type="date" label="To (UTC)" {...wired('to')} />
        </>
      )}
    </>
  );
}
