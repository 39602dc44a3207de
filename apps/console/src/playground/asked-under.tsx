import { keyRoutes } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { allPagesOf } from '../api/all-pages.ts';
import { useSession } from '../session/session.ts';
import { useTeam } from '../session/team.ts';
import { SelectField } from '../ui/field.tsx';
import type { Desk } from './desk.ts';

const nobody = { value: '', label: 'You, and no API key' };

/** Under which of the person's keys the next question is asked, if under any. The address may say one, once. */
export function AskedUnder({ desk, asKey }: { desk: Desk; asKey: string }) {
  const { id: teamId } = useTeam();
  const { user } = useSession();
  useAskedKey(desk);
  const { data } = useQuery({ ...allPagesOf(keyRoutes.list, { params: { teamId } }), staleTime: 60_000 });
  const own = (data?.rows ?? []).filter(
    ({ owner, state }) => owner?.id === user.id && (state === 'active' || state === 'rotating'),
  );
  const options = [nobody, ...own.map(({ id, name, hint }) => ({ value: id, label: `${name}, ${hint}` }))];
  const isListed = options.some(({ value }) => value === asKey);
  return (
    <SelectField
      label="Asked under"
      hint={
        asKey === ''
          ? 'Under a key of yours its budgets, rates and models hold, as for a program that uses it.'
          : 'The key’s budgets, rates and models hold, and what it costs is the key’s.'
      }
      options={isListed ? options : [...options, { value: asKey, label: asKey }]}
      value={asKey}
      onChange={({ target }) => desk.askUnder(target.value)}
    />
  );
}

function useAskedKey(desk: Desk): void {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('key');
  useEffect(() => {
    if (asked === null) return;
    desk.askUnder(asked);
    setSearch(
      (before) => {
        before.delete('key');
        return before;
      },
      { replace: true },
    );
  }, [desk, asked, setSearch]);
}
