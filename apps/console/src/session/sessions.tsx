import { endOtherSessions, endSession, listSessions, type ConsoleReplyOf } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useSignOut } from './sign-out.ts';
import { useChange } from '../api/change.ts';
import { queryOf } from '../api/query.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Loaded } from '../page/loaded.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { aside, Beneath, rowActions, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';

type Row = ConsoleReplyOf<typeof listSessions>['data'][number];

/** Where the person is signed in, and how to end that. */
export function Sessions() {
  const query = useQuery(queryOf(listSessions));
  const others = useChange(endOtherSessions, {
    done: ({ ended }) => `${ended} other ${ended === 1 ? 'session has' : 'sessions have'} ended.`,
  });
  const signOut = useSignOut();
  const isAlone = (query.data?.data.length ?? 0) < 2;
  return (
    <section aria-labelledby="sessions">
      <div className="section-head">
        <h2 id="sessions">Where you are signed in</h2>
        <div className="actions">
          <Button
            reason={isAlone ? 'This is your only session.' : undefined}
            isBusy={others.isPending}
            onClick={() => others.mutate({})}
          >
            Sign out everywhere else
          </Button>
          <Button isBusy={others.isPending} onClick={() => others.mutate({}, { onSuccess: signOut })}>
            Sign out everywhere
          </Button>
        </div>
      </div>
      {others.error && <ProblemNote error={others.error} />}
      <Loaded query={query} lines={2}>
        {({ data }) => <SessionTable rows={data} />}
      </Loaded>
    </section>
  );
}

function SessionTable({ rows }: { rows: readonly Row[] }) {
  const end = useChange(endSession, { done: 'The session has ended.' });
  return (
    <>
      {end.error && <ProblemNote error={end.error} />}
      <Table label="Table of sessions" columns={['From', aside('Signed in'), 'Last seen', aside('Ends'), rowActions]}>
        {rows.map(({ id, client, createdAt, lastSeenAt, expiresAt, isCurrent }) => (
          <tr key={id}>
            <th scope="row">
              <span className="row-name">
                {client.userAgent} {isCurrent && <Badge tone="good">this one</Badge>}
              </span>
              <small>{client.address ?? 'address not known'}</small>
              <Beneath>
                signed in <Time at={createdAt} />, ends <Time at={expiresAt} />
              </Beneath>
            </th>
            <td className="aside">
              <Time at={createdAt} />
            </td>
            <td>
              <Time at={lastSeenAt} />
            </td>
            <td className="aside">
              <Time at={expiresAt} />
            </td>
            <td>
              {!isCurrent && (
                <div className="row-actions">
                  <Button
                    kind="quiet"
                    className="danger-text"
                    isBusy={end.isPending && end.variables.params?.sessionId === id}
                    onClick={() => end.mutate({ params: { sessionId: id } })}
                  >
                    End
                  </Button>
                </div>
              )}
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
