import { rangeNames, ranges } from './filters.ts';

interface RangeFieldProps {
  search: URLSearchParams;
  set: (part: Record<string, string>) => void;
}

/** For which while: one of four, or from one day to another. */
export function RangeField({ search, set }: RangeFieldProps) {
  const isOwn = search.has('from') || search.has('to');
  return (
    <>
      <label>
        <span>While</span>
        <select
          value={isOwn ? 'own' : (search.get('range') ?? '30d')}
          onChange={(event) => {
            const { value } = event.target;
            const today = new Date().toISOString().slice(0, 10);
            set(value === 'own' ? { from: today, to: today, range: '' } : { range: value, from: '', to: '' });
          }}
        >
          {ranges.map((range) => (
            <option key={range} value={range}>
              {rangeNames[range]}
            </option>
          ))}
          <option value="own">From … to …</option>
        </select>
      </label>
      {isOwn && (
        <>
          <label>
            <span>From (UTC)</span>
            <input
              type="date"
              value={search.get('from') ?? ''}
              onChange={(event) => set({ from: event.target.value })}
            />
          </label>
          <label>
            <span>To (UTC)</span>
            <input type="date" value={search.get('to') ?? ''} onChange={(event) => set({ to: event.target.value })} />
          </label>
        </>
      )}
    </>
  );
}
