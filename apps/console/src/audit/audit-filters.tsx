import type { Member } from '@orgn/console-api';
import { knownActions, actionInWords } from './words.ts';

interface AuditFiltersProps {
  members: readonly Member[];
  search: URLSearchParams;
  setSearch: (next: URLSearchParams, options: { replace: boolean }) => void;
}

/** Who, what and when; kept in the address, so that a view of the log can be handed on. */
export function AuditFilters({ members, search, setSearch }: AuditFiltersProps) {
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace: true });
  };
  const wired = (name: string) => ({
    value: search.get(name) ?? '',
    onChange: (event: { target: { value: string } }) => set(name, event.target.value),
  });
  return (
    <div className="filters">
      <label>
        <span>Who</span>
        <select {...wired('actor')}>
          <option value="">Everybody</option>
          {members.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
          <option value="operator">The operator</option>
          <option value="system">The gateway</option>
          <option value="scanner">Secret scanners</option>
        </select>
      </label>
      <label>
        <span>What</span>
        <select {...wired('action')}>
          <option value="">Everything</option>
          {knownActions.map((action) => (
            <option key={action} value={action}>
              {actionInWords(action)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span>Id of a key, member …</span>
        <input type="search" {...wired('object')} />
      </label>
      <label>
        <span>From (UTC)</span>
        <input type="date" {...wired('from')} />
      </label>
      <label>
        <span>To (UTC)</span>
        <input type="date" {...wired('to')} />
      </label>
    </div>
  );
}
