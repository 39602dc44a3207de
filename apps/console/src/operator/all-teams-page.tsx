import { operatorRoutes, type OperatorsTeamView } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { allPagesOf, type AllRows } from '../api/all-pages.ts';
import { useOfflineSince } from '../api/online.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useAddress } from '../page/use-address.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Filters, InputFilter, SelectFilter } from '../ui/filters.tsx';
import { aside, Beneath, rowActions, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { late } from '../page/late.tsx';

const StandingDialog = late(() => import('./standing-dialog.tsx'));

const standings = [
  { value: '', label: 'Any' },
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Suspended' },
];

/** Every team of the deployment, and the operator's brake. */
export default function AllTeamsPage() {
  const query = useQuery(allPagesOf(operatorRoutes.teams));
  const { search, set } = useAddress();
  const asked = query.data?.rows.find(({ id }) => id === search.get('ask'));
  return (
    <Page
      title="All teams"
      lead="Who uses this deployment. No key of a suspended team is accepted anywhere; its people still read everything."
    >
      <Loaded query={query}>{(all) => <Teams all={all} again={() => void query.refetch()} />}</Loaded>
      <Suspense fallback={null}>{asked && <StandingDialog team={asked} onClose={() => set({ ask: '' })} />}</Suspense>
    </Page>
  );
}

function Teams({ all, again }: { all: AllRows<OperatorsTeamView>; again: () => void }) {
  const { wired, set, clear } = useAddress();
  const [text, standing] = [wired('q'), wired('standing')];
  const wanted = text.value.trim().toLowerCase();
  const rows = all.rows.filter(
    (team) =>
      (standing.value === '' || team.standing === standing.value) &&
      `${team.name} ${team.id}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <Filters found={`${rows.length} of ${all.rows.length} teams`}>
        <InputFilter label="Search" placeholder="Name or id" {...text} />
        <SelectFilter label="Standing" options={standings} {...standing} />
      </Filters>
      {rows.length === 0 ? (
        <Empty title="No team matches" action={<Button onClick={clear}>Clear filters</Button>} />
      ) : (
        <Table label="Table of teams" columns={['Team', 'Standing', aside('Created'), rowActions]}>
          {rows.map((team) => (
            <TeamRow key={team.id} team={team} ask={() => set({ ask: team.id })} />
          ))}
        </Table>
      )}
      {all.missing && <ProblemNote error={all.missing} again={again} />}
    </>
  );
}

function TeamRow({ team, ask }: { team: OperatorsTeamView; ask: () => void }) {
  const isActive = team.standing === 'active';
  const offline = useOfflineSince();
  return (
    <tr>
      <th scope="row">
        <span className="row-name">{team.name}</span>
        <code>{team.id}</code>
        <Beneath>
          made <Time at={team.createdAt} />
        </Beneath>
      </th>
      <td>
        <Badge tone={isActive ? 'good' : 'bad'}>{isActive ? 'Active' : 'Suspended'}</Badge>
        {team.suspensionReason !== null && <small>{team.suspensionReason}</small>}
      </td>
      <td className="aside">
        <Time at={team.createdAt} />
      </td>
      <td>
        <div className="row-actions">
          <Button
            kind="quiet"
            className={isActive ? 'danger-text' : ''}
            aria-label={`${isActive ? 'Suspend' : 'Resume'} ${team.name}`}
            reason={offline === null ? undefined : 'This browser is offline.'}
            onClick={ask}
          >
            {isActive ? 'Suspend' : 'Resume'}
          </Button>
        </div>
      </td>
    </tr>
  );
}
