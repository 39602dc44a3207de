import { operatorRoutes, type ServiceView } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Empty } from '../ui/empty.tsx';
import { figure } from '../ui/figures.ts';
import { Note } from '../ui/note.tsx';
import { aside, Beneath, number, Table } from '../ui/table.tsx';
import { duration } from '../ui/time-text.ts';
import { Time } from '../ui/time.tsx';

const states: Record<ServiceView['state'], { word: string; tone: Tone }> = {
  well: { word: 'Well', tone: 'good' },
  unwell: { word: 'Unwell', tone: 'bad' },
  silent: { word: 'Silent', tone: 'warning' },
};

/** The processes of the deployment, by their own last words. */
export default function ServicesPage() {
  const query = useQuery({ ...queryOf(operatorRoutes.services), refetchInterval: 5_000 });
  return (
    <Page
      title="Services"
      lead="What every process said of itself in the last minute: its release, its health, how far it is behind."
    >
      <Loaded query={query}>{({ data }) => <Services rows={data} />}</Loaded>
    </Page>
  );
}

function Services({ rows }: { rows: readonly ServiceView[] }) {
  const releases = [...new Set(rows.map(({ version }) => version))];
  if (rows.length === 0) {
    return (
      <Empty title="Nothing has been heard yet">
        <p>Every process says how it is each five seconds; this one has only just begun to listen.</p>
      </Empty>
    );
  }
  return (
    <>
      {releases.length > 1 && (
        <Note kind="warning" title={`${releases.length} releases are running`}>
          <p>{releases.join(' and ')}: usual while an upgrade is under way, and not for longer.</p>
        </Note>
      )}
      <Table
        label="Services"
        columns={['Process', 'State', aside('Release'), aside('Running since'), number('Loop lag'), number('Backlog')]}
      >
        {rows.map((row) => (
          <ServiceRow key={`${row.service}/${row.instance}`} row={row} />
        ))}
      </Table>
      <p className="quiet footnote">
        Loop lag: how long a process stood still at most within five seconds. Backlog: usage words that are not in the
        database yet, and how old the oldest is.
      </p>
    </>
  );
}

function ServiceRow({ row }: { row: ServiceView }) {
  const { word, tone } = states[row.state];
  const { backlog } = row;
  return (
    <tr>
      <th scope="row">
        <span className="row-name">{row.instance}</span>
        <small>{row.service}</small>
        <Beneath>
          {row.version}, since <Time at={row.startedAt} />
        </Beneath>
      </th>
      <td>
        <Badge tone={tone}>{word}</Badge>
        {Object.entries(row.faults).map(([name, fault]) => (
          <small key={name}>
            {name}: {fault}
          </small>
        ))}
        {row.state === 'silent' && (
          <small>
            last heard <Time at={row.heardAt} />
          </small>
        )}
      </td>
      <td className="aside">{row.version}</td>
      <td className="aside">
        <Time at={row.startedAt} />
      </td>
      <td className="number">{figure(row.loopLagMs)} ms</td>
      <td className="number">
        {backlog === null ? '–' : figure(backlog.messages)}
        {backlog !== null && backlog.messages > 0 && <small>{duration(backlog.oldestSeconds * 1_000)} old</small>}
      </td>
    </tr>
  );
}
