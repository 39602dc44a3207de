import type { ConsoleKey } from '@orgn/console-api';
import type { AllRows } from '../api/all-pages.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Filters, InputFilter, SelectFilter } from '../ui/filters.tsx';
import { Note } from '../ui/note.tsx';
import { aside, rowActions, Table } from '../ui/table.tsx';
import { useAddress } from '../page/use-address.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { useDaily } from './daily.ts';
import { KeyRow } from './key-row.tsx';
import { hasEnded } from './key-state.ts';

interface KeyListProps {
  all: AllRows<ConsoleKey>;
  again: () => void;
  /** Opens a dialog about a key: `revoke.key_…`. */
  ask: (what: string) => void;
}

const shownOptions = [
  { value: 'live', label: 'In use' },
  { value: 'ended', label: 'Ended' },
  { value: 'all', label: 'All keys' },
];
type Shown = 'live' | 'ended' | 'all';

/** The keys, searched and filtered by what the address says. */
export function KeyList({ all, again, ask }: KeyListProps) {
  const { wired, clear } = useAddress();
  const [text, show] = [wired('q'), wired('show', 'live')];
  if (all.rows.length === 0) return <NoKeys />;
  const rows = all.rows.filter((key) => matches(key, text.value, show.value as Shown));
  const leaked = all.rows.filter(({ revocationReason }) => revocationReason === 'leaked');
  return (
    <>
      {leaked.length > 0 && <LeakedNote keys={leaked} />}
      <Filters found={countInWords(rows.length, all.rows.length)}>
        <InputFilter label="Search" placeholder="Name, hint or owner" {...text} />
        <SelectFilter label="State" options={shownOptions} {...show} />
      </Filters>
      {rows.length === 0 ? (
        <Empty title="No key matches" action={<Button onClick={clear}>Clear filters</Button>}>
          <p>Ended keys are shown under “Ended”.</p>
        </Empty>
      ) : (
        <KeyTable rows={rows} ask={ask} />
      )}
      {all.missing && <ProblemNote error={all.missing} again={again} />}
    </>
  );
}

function KeyTable({ rows, ask }: { rows: readonly ConsoleKey[]; ask: (what: string) => void }) {
  const daily = useDaily(rows);
  return (
    <Table
      label="Table of keys"
      className="keys"
      columns={['Key', aside('State'), aside('Created'), aside('Last used'), aside('30 days'), rowActions]}
    >
      {rows.map((key) => (
        <KeyRow key={key.id} value={key} days={daily?.get(key.id)} ask={ask} />
      ))}
    </Table>
  );
}

function countInWords(shown: number, all: number): string {
  if (shown !== all) return `${shown} of ${all} keys`;
  return all === 1 ? '1 key' : `${all} keys`;
}

function matches(key: ConsoleKey, text: string, shown: Shown): boolean {
  if (shown !== 'all' && hasEnded(key) !== (shown === 'ended')) return false;
  const wanted = text.trim().toLowerCase();
  const words = [key.name, key.hint, key.id, key.owner?.name, key.owner?.email, ...(key.models ?? [])];
  return wanted === '' || words.some((word) => word?.toLowerCase().includes(wanted));
}

function NoKeys() {
  return (
    <Empty title="No keys yet">
      <p>
        A key authenticates programs: each request carries it as <code>Authorization: Bearer sk-ollm-…</code>. Make one
        for each environment, and give it only to servers.
      </p>
    </Empty>
  );
}

function LeakedNote({ keys }: { keys: readonly ConsoleKey[] }) {
  const names = new Intl.ListFormat('en').format(keys.map(({ name }) => `“${name}”`));
  return (
    <Note kind="problem" title={keys.length === 1 ? 'A key was found in public' : 'Keys were found in public'}>
      <p>
        {names}: a scanner reported the secret, and it was revoked at once. Give its callers another key, look at what
        it was used for, and take the secret out of where it was found.
      </p>
    </Note>
  );
}
