import type { ConsoleKey } from '@orgn/console-api';
import { useSearchParams } from 'react-router';
import type { AllRows } from '../api/all-pages.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Note } from '../ui/note.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { KeyRow } from './key-row.tsx';
import { hasEnded } from './key-state.ts';

interface KeyListProps {
  all: AllRows<ConsoleKey>;
  again: () => void;
  /** Opens a dialog about a key: `revoke.key_…`. */
  ask: (what: string) => void;
}

type Shown = 'live' | 'ended' | 'all';

/** The keys, searched and filtered by what the address says. */
export function KeyList({ all, again, ask }: KeyListProps) {
  const [search, setSearch] = useSearchParams();
  const [text, shown] = [search.get('q') ?? '', (search.get('show') ?? 'live') as Shown];
  const filter = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  if (all.rows.length === 0) return <NoKeys />;
  const rows = all.rows.filter((key) => matches(key, text, shown));
  const leaked = all.rows.filter(({ revocationReason }) => revocationReason === 'leaked');
  return (
    <>
      {leaked.length > 0 && <LeakedNote keys={leaked} />}
      <div className="filters">
        <label>
          <span className="unseen">Search keys</span>
          <input
            type="search"
            placeholder="Search by name, hint or owner"
            value={text}
            onChange={(event) => filter('q', event.target.value)}
          />
        </label>
        <label>
          <span className="unseen">State</span>
          <select
            value={shown}
            onChange={(event) => filter('show', event.target.value === 'live' ? '' : event.target.value)}
          >
            <option value="live">In use</option>
            <option value="ended">Ended</option>
            <option value="all">All keys</option>
          </select>
        </label>
        <p className="quiet">
          {rows.length === all.rows.length
            ? rows.length === 1
              ? '1 key'
              : `${rows.length} keys`
            : `${rows.length} of ${all.rows.length} keys`}
        </p>
      </div>
      {rows.length === 0 ? (
        <Empty
          title="No key matches"
          action={<Button onClick={() => setSearch({}, { replace: true })}>Clear filters</Button>}
        >
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
  return (
    <div className="table-frame" role="region" aria-label="Table of keys" tabIndex={0}>
      <table className="table keys">
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">State</th>
            <th scope="col">Created</th>
            <th scope="col">Last used</th>
            <th scope="col">Expires</th>
            <th scope="col">Limits</th>
            <th scope="col">
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((key) => (
            <KeyRow key={key.id} value={key} ask={ask} />
          ))}
        </tbody>
      </table>
    </div>
  );
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
