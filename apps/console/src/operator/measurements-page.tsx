import { measuredWords, measurementRoutes, type MeasurementView } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { useOfflineSince } from '../api/online.ts';
import { queryOf } from '../api/query.ts';
import { late } from '../page/late.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { useAddress, type Address } from '../page/use-address.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Filters, InputFilter, SelectFilter } from '../ui/filters.tsx';
import { aside, Beneath, rowActions, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import './measurements.css';

const DecideDialog = late(() => import('./decide-dialog.tsx'));

const states: Record<MeasurementView['state'], { word: string; tone: Tone }> = {
  seen: { word: 'Waiting', tone: 'warning' },
  approved: { word: 'Approved', tone: 'good' },
  refused: { word: 'Refused', tone: 'bad' },
};

/** Software that enclaves run, and whether prompts may go to it. */
export default function MeasurementsPage() {
  const query = useQuery({ ...queryOf(measurementRoutes.list), refetchInterval: 15_000 });
  const address = useAddress();
  const [verb, id] = (address.search.get('ask') ?? '').split('.');
  const asked = query.data?.data.find((one) => one.id === id);
  return (
    <Page
      title="Measurements"
      lead="What providers’ enclaves have proven to run. Until you approve it, nothing is sent to an enclave that demands approval."
    >
      <Loaded query={query}>{({ data }) => <Measurements all={data} address={address} />}</Loaded>
      <Suspense fallback={null}>
        {asked && (
          <DecideDialog value={asked} isApproving={verb === 'approve'} onClose={() => address.set({ ask: '' })} />
        )}
      </Suspense>
    </Page>
  );
}

function Measurements({ all, address }: { all: readonly MeasurementView[]; address: Address }) {
  const { wired, clear, set } = address;
  const [text, state] = [wired('q'), wired('state')];
  if (all.length === 0) {
    return (
      <Empty title="No enclave was measured yet">
        <p>What an enclave runs is listed here when a router has verified it. See Routers for those that answer.</p>
      </Empty>
    );
  }
  const rows = all.filter((one) => (state.value === '' || one.state === state.value) && matches(one, text.value));
  const options = Object.entries(states).map(([value, { word }]) => ({ value, label: word }));
  return (
    <>
      <Filters found={`${rows.length} of ${all.length}`}>
        <InputFilter label="Search" placeholder="Provider or a digest" {...text} />
        <SelectFilter label="State" options={[{ value: '', label: 'Any' }, ...options]} {...state} />
      </Filters>
      {rows.length === 0 ? (
        <Empty title="No measurement matches" action={<Button onClick={clear}>Clear filters</Button>} />
      ) : (
        <Table
          label="Table of measurements"
          className="measurements"
          columns={['Software', 'State', aside('What changed'), aside('Seen'), rowActions]}
        >
          {rows.map((one) => (
            <Row key={one.id} value={one} ask={(verb) => set({ ask: `${verb}.${one.id}` })} />
          ))}
        </Table>
      )}
    </>
  );
}

function matches(one: MeasurementView, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  const words = [one.provider, one.id, one.composeHash, one.osImageHash, one.appId, one.mrtd, ...one.imageDigests];
  return words.some((word) => word?.toLowerCase().includes(wanted));
}

function Row({ value, ask }: { value: MeasurementView; ask: (verb: 'approve' | 'refuse') => void }) {
  const { word, tone } = states[value.state];
  return (
    <tr>
      <th scope="row">
        <span className="row-name">{value.provider}</span>
        <code title={`Compose file: ${value.composeHash ?? 'none'}`}>{shortOf(value)}</code>
        <Beneath>
          {changedInWords(value)}, seen <Time at={value.lastSeenAt} />, first <Time at={value.firstSeenAt} />
        </Beneath>
      </th>
      <td>
        <Badge tone={tone}>{word}</Badge>
        {value.decidedAt !== null && (
          <small>
            <Time at={value.decidedAt} />
            {value.decidedBy !== null && ` by ${value.decidedBy}`}
          </small>
        )}
      </td>
      <td className="aside">{changedInWords(value)}</td>
      <td className="aside">
        <Time at={value.lastSeenAt} />
        <small>
          first <Time at={value.firstSeenAt} />
        </small>
      </td>
      <td>
        <Decisions value={value} ask={ask} />
      </td>
    </tr>
  );
}

function Decisions({ value, ask }: { value: MeasurementView; ask: (verb: 'approve' | 'refuse') => void }) {
  const offline = useOfflineSince();
  const reason = offline === null ? undefined : 'This browser is offline.';
  const named = `the software ${shortOf(value)} of ${value.provider}`;
  return (
    <div className="row-actions">
      {value.state !== 'approved' && (
        <Button kind="quiet" aria-label={`Approve ${named}`} reason={reason} onClick={() => ask('approve')}>
          Approve
        </Button>
      )}
      {value.state !== 'refused' && (
        <Button
          kind="quiet"
          className="danger-text"
          aria-label={`Refuse ${named}`}
          reason={reason}
          onClick={() => ask('refuse')}
        >
          Refuse
        </Button>
      )}
    </div>
  );
}

const shortOf = ({ composeHash, mrtd, id }: MeasurementView) => `${(composeHash ?? mrtd ?? id).slice(0, 12)}…`;

function changedInWords({ changes, state }: MeasurementView): string {
  if (changes === null) return state === 'approved' ? 'the only one approved' : 'nothing was approved before';
  return changes.length === 0 ? 'nothing' : changes.map(({ name }) => measuredWords[name]).join(', ');
}
