import { requestRoutes, type ConsoleRequest } from '@orgn/console-api';
import { requestId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { useAddress, type Address } from '../page/use-address.ts';
import { paths } from '../paths.ts';
import { useTeam } from '../session/team.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Filters, InputFilter, SelectFilter } from '../ui/filters.tsx';
import { aside, Beneath, rowActions, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { FileCheck } from './file-check.tsx';
import { LogHead } from './log-head.tsx';
import { ProofDetails } from './proof-details.tsx';

const executions = [
  { value: 'tee', label: 'Enclave' },
  { value: 'zdr', label: 'Zero retention' },
  { value: 'operator', label: 'Operator' },
];

/** What can be proven of the team's answers, and by whom. */
export default function VerificationPage() {
  const address = useAddress();
  const id = requestId.safeParse(address.search.get('id')?.trim()).data;
  return (
    <Page
      title="Verification"
      lead="Every answer leaves a receipt: what was sent, where it ran, and the evidence for that. Anyone can check one without this gateway."
    >
      {id === undefined ? (
        <Receipts {...address} />
      ) : (
        <OneReceipt key={id} id={id} close={() => address.set({ id: '' })} />
      )}
      <FileCheck />
      <LogHead />
    </Page>
  );
}

function OneReceipt({ id, close }: { id: string; close: () => void }) {
  const { id: teamId } = useTeam();
  return (
    <section className="panel" aria-labelledby="receipt-heading">
      <h2 id="receipt-heading">Receipt of one answer</h2>
      <p>
        <Link to={paths.request({ teamId, requestId: id })}>
          <code>{id}</code>
        </Link>
      </p>
      <ProofDetails teamId={teamId} requestId={id} isOpen />
      <div className="actions">
        <Button onClick={close}>All receipts</Button>
      </div>
    </section>
  );
}

function Receipts({ search, wired, set }: Address) {
  const { id: teamId } = useTeam();
  const execution = executions.find(({ value }) => value === search.get('execution'))?.value ?? 'tee';
  const model = search.get('model')?.trim();
  const query = useQuery(
    queryOf(requestRoutes.list, {
      params: { teamId },
      query: { range: '7d', execution: execution as 'tee', ...(model && { model }), limit: 20 },
    }),
  );
  return (
    <section className="panel" aria-labelledby="receipts-heading">
      <h2 id="receipts-heading">Receipts of the last seven days</h2>
      <Filters>
        <InputFilter label="Request id" placeholder="019bd1c2-…" {...wired('id')} />
        <SelectFilter label="Ran in" options={executions} {...wired('execution', 'tee')} />
        <InputFilter label="Model id" {...wired('model')} />
      </Filters>
      <Loaded query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No answer of this kind in the last seven days" />
          ) : (
            <ReceiptTable rows={data} show={(row) => set({ id: row })} />
          )
        }
      </Loaded>
    </section>
  );
}

function ReceiptTable({ rows, show }: { rows: readonly ConsoleRequest[]; show: (id: string) => void }) {
  return (
    <Table label="Receipts" columns={['When', 'Model', aside('Provider'), 'Outcome', rowActions]}>
      {rows.map((row) => (
        <tr key={row.id}>
          <th scope="row">
            <Time at={row.at} isExact />
          </th>
          <td>
            <code>{row.model}</code>
            <Beneath>{row.provider}</Beneath>
          </td>
          <td className="aside">{row.provider}</td>
          <td>
            <Badge>{row.outcome}</Badge>
          </td>
          <td>
            <div className="row-actions">
              <Button kind="quiet" aria-label={`Proof of ${row.id}`} onClick={() => show(row.id)}>
                Proof
              </Button>
            </div>
          </td>
        </tr>
      ))}
    </Table>
  );
}
