import type { Address } from '../page/use-address.ts';
import { Button } from '../ui/button.tsx';
import { filtersOf, type Filters } from './filters.ts';

interface NarrowedProps extends Pick<Address, 'search' | 'clear'> {
  /** Filters that have a control of their own, which shows them. */
  shown?: readonly (keyof Filters)[];
}

/** By what the address narrows a page beyond what its controls show, and the way out of it. */
export function Narrowed({ search, clear, shown = [] }: NarrowedProps) {
  const filters = Object.entries(filtersOf(search));
  if (filters.length === 0) return null;
  const others = filters.filter(([name]) => !shown.includes(name as keyof Filters));
  return (
    <p className="narrowed">
      {others.length > 0 && `Only with ${others.map(([name, value]) => `${name} ${value}`).join(', ')}. `}
      <Button kind="quiet" onClick={clear}>
        Clear filters
      </Button>
    </p>
  );
}
