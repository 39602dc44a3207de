import type { Member } from '@orgn/console-api';
import type { Address } from '../page/use-address.ts';
import { Filters, InputFilter, SelectFilter } from '../ui/filters.tsx';
import { knownActions, actionInWords } from './words.ts';

const others = [
  { value: 'operator', label: 'The operator' },
  { value: 'system', label: 'The gateway' },
  { value: 'scanner', label: 'Secret scanners' },
];

/** Who, what and when; kept in the address, so that a view of the log can be handed on. */
export function AuditFilters({ members, wired }: { members: readonly Member[] } & Pick<Address, 'wired'>) {
  const people = members.map(({ id, name }) => ({ value: id, label: name }));
  const actions = knownActions.map((action) => ({ value: action, label: actionInWords(action) }));
  return (
    <Filters>
      <SelectFilter
        label="Who"
        options={[{ value: '', label: 'Everybody' }, ...people, ...others]}
        {...wired('actor')}
      />
      <SelectFilter label="What" options={[{ value: '', label: 'Everything' }, ...actions]} {...wired('action')} />
      <InputFilter label="Id of a key, member …" {...wired('object')} />
      <InputFilter type="date" label="From (UTC)" {...wired('from')} />
      <InputFilter type="date" label="To (UTC)" {...wired('to')} />
    </Filters>
  );
}
