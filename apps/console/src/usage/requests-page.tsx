import { requestRoutes } from '@orgn/console-api';
import { requestId } from '@orgn/contracts';
import { Download } from 'lucide-react';
import { useState, type SyntheticEvent } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../api/client.ts';
import { usePagesOf } from '../api/pages-of.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { useAddress, type Address } from '../page/use-address.ts';
import { Older } from '../page/older.tsx';
import { paths } from '../paths.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Filters, InputFilter, SelectFilter } from '../ui/filters.tsx';
import { filtersOf, timeOf } from './filters.ts';
import { Narrowed } from './narrowed.tsx';
import { RangeField } from './range-field.tsx';
import { RequestTable } from './request-table.tsx';
import './usage.css';

const outcomes = ['completed', 'failed', 'cancelled', 'withheld', 'refused'];

/** Each request, by its figures. What was said in it is kept nowhere. */
export default function RequestsPage() {
  const team = useTeam();
  const address = useAddress();
  const { search } = address;
  const filters = { ...timeOf(search), ...filtersOf(search) };
  const params = { teamId: team.id };
  const query = usePagesOf(requestRoutes.list, { params, query: filters });
  const exported = (format: 'csv' | 'ndjson') =>
    api.addressOf(requestRoutes.list, { params, query: { ...filters, format } });
  return (
    <Page
      title="Requests"
      lead={`Who called what, how it ended, what it cost${team.role === 'member' ? ', under your own keys' : ''}. No prompt and no answer is kept.`}
      actions={(['csv', 'ndjson'] as const).map((format) => (
        <a key={format} className="button plain" href={exported(format)} download={`requests.${format}`}>
          <Download aria-hidden size={16} />
          {format.toUpperCase()}
        </a>
      ))}
    >
      <FindById teamId={team.id} />
      <RequestFilters {...address} />
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap(({ data }) => data);
          if (rows.length > 0 || query.hasNextPage) return <RequestTable rows={rows} />;
          return <NoRequests isFiltered={Object.keys(filtersOf(search)).length > 0} clear={address.clear} />;
        }}
      </Loaded>
      <Older query={query} what="requests" />
    </Page>
  );
}

function NoRequests({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  if (isFiltered) return <Empty title="No request matches" action={<Button onClick={clear}>Clear filters</Button>} />;
  return (
    <Empty title="No requests in this while">
      <p>Each call with a key of this team, and each question in the Playground, stands here a few seconds later.</p>
    </Empty>
  );
}

function RequestFilters(address: Address) {
  const { wired } = address;
  return (
    <Filters>
      <RangeField {...address} />
      <SelectFilter
        label="Outcome"
        options={[{ value: '', label: 'Any' }, ...outcomes.map((outcome) => ({ value: outcome, label: outcome }))]}
        {...wired('outcome')}
      />
      <InputFilter label="Model id" {...wired('model')} />
      <InputFilter label="Key id" {...wired('key')} />
      <Narrowed {...address} shown={['outcome', 'model', 'key']} />
    </Filters>
  );
}

/** A request id from an error, a log or a header leads to its page. */
function FindById({ teamId }: { teamId: string }) {
  const [text, setText] = useState('');
  const navigate = useNavigate();
  const id = requestId.safeParse(text.trim()).data;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (id !== undefined) void navigate(paths.request({ teamId, requestId: id }));
  };
  return (
    <form className="find" onSubmit={submit}>
      <label>
        <span>Find a request by the id from an error or from x-request-id</span>
        <input type="search" value={text} placeholder="019bd1c2-…" onChange={(event) => setText(event.target.value)} />
      </label>
      <Button
        type="submit"
        reason={id === undefined ? 'A request id has the form 019bd1c2-77a1-7c3e-9d2b-3f6a1c0e9b11.' : undefined}
      >
        Find
      </Button>
    </form>
  );
}
