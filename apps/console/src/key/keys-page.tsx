import { keyRoutes, type NewKey } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { allPagesOf } from '../api/all-pages.ts';
import { Page } from '../page/page.tsx';
import { useReason, useRefusal } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Loaded } from '../page/loaded.tsx';
import { KeyList } from './key-list.tsx';
import { late } from '../page/late.tsx';
import './keys.css';

const Generating = late(() => import('./generating.tsx'));
const Asked = late(() => import('./key-dialogs.tsx'));

/** Keys of a team: their names and states, never their secrets. */
export default function KeysPage() {
  const { id: teamId } = useTeam();
  const [search, setSearch] = useSearchParams();
  const [made, setMade] = useState<NewKey | null>(null);
  const reason = useReason()('keys.create');
  const isRefused = useRefusal()('keys.create') !== undefined;
  const query = useQuery(allPagesOf(keyRoutes.list, { params: { teamId } }));
  const open = (name: string, value: string | null) =>
    setSearch(
      (before) => {
        if (value === null) before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: value === null },
    );
  const asked = search.get('ask');
  return (
    <Page
      title="API Keys"
      lead="A key lets a program call the gateway for this team. Its secret is shown once, when it is made."
      actions={
        <Button
          kind="primary"
          icon={<Plus aria-hidden size={17} />}
          reason={reason}
          onClick={() => open('generate', '')}
        >
          Generate key
        </Button>
      }
    >
      <Loaded query={query}>
        {(all) => <KeyList all={all} again={() => void query.refetch()} ask={(what) => open('ask', what)} />}
      </Loaded>
      <Suspense fallback={null}>
        {(search.has('generate') || made) && !isRefused && (
          <Generating
            made={made}
            onMade={setMade}
            onClose={() => {
              setMade(null);
              open('generate', null);
            }}
          />
        )}
        {asked !== null && query.data && (
          <Asked keys={query.data.rows} asked={asked} onClose={() => open('ask', null)} />
        )}
      </Suspense>
    </Page>
  );
}
