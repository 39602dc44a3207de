import { modelRoutes, type ConsoleModel, type ConsoleReplyOf, type ExecutionClass } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { queryOf } from '../api/query.ts';
import { Page } from '../page/page.tsx';
import { Loaded } from '../page/loaded.tsx';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { ModelTable } from './model-table.tsx';
import './models.css';

/** What can be called: where it runs, what it can do, what it costs, how it is doing. */
export default function ModelsPage() {
  const { id: teamId } = useTeam();
  const query = useQuery({ ...queryOf(modelRoutes.list, { params: { teamId } }), refetchInterval: 30_000 });
  return (
    <Page
      title="Models"
      lead="What keys of this team can call. Where a model runs decides what is promised about your data."
    >
      <Loaded query={query}>{(reply) => <Models {...reply} />}</Loaded>
    </Page>
  );
}

function Models({ data, executions, keys, catalogue }: ConsoleReplyOf<typeof modelRoutes.list>) {
  const [search, setSearch] = useSearchParams();
  const [text, execution, type] = [search.get('q') ?? '', search.get('execution') ?? '', search.get('type') ?? ''];
  const set = (name: string, value: string) =>
    setSearch(
      (before) => {
        if (value === '') before.delete(name);
        else before.set(name, value);
        return before;
      },
      { replace: true },
    );
  const rows = data.filter((model) => matches(model, text, execution) && (type === '' || model.type === type));
  const types = [...new Set(data.map((model) => model.type))];
  return (
    <>
      <Executions classes={executions} />
      <div className="filters">
        <label>
          <span className="unseen">Search models</span>
          <input
            type="search"
            placeholder="Search by name, id or capability"
            value={text}
            onChange={(event) => set('q', event.target.value)}
          />
        </label>
        <label>
          <span className="unseen">Execution</span>
          <select value={execution} onChange={(event) => set('execution', event.target.value)}>
            <option value="">Any execution</option>
            {executions.map((one) => (
              <option key={one.execution} value={one.execution}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span className="unseen">Kind</span>
          <select value={type} onChange={(event) => set('type', event.target.value)}>
            <option value="">Every kind</option>
            {types.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </label>
        <p className="quiet">
          {rows.length} of {data.length} models
        </p>
      </div>
      {rows.length === 0 ? (
        <Empty
          title={data.length === 0 ? 'The catalogue has no models' : 'No model matches'}
          {...(data.length > 0 && {
            action: <Button onClick={() => setSearch({}, { replace: true })}>Clear filters</Button>,
          })}
        />
      ) : (
        <ModelTable rows={rows} keys={keys} executions={executions} />
      )}
      <p className="quiet footnote">
        Prices are USD for a million tokens. Catalogue <code>{catalogue.version}</code>.
      </p>
    </>
  );
}

function matches(model: ConsoleModel, text: string, execution: string): boolean {
  if (execution !== '' && model.execution !== execution) return false;
  const wanted = text.trim().toLowerCase();
  const words = [model.id, model.displayName, model.ownedBy, model.provider, ...model.capabilities];
  return words.some((word) => word.toLowerCase().includes(wanted));
}

function Executions({ classes }: { classes: readonly ExecutionClass[] }) {
  return (
    <div className="executions">
      {classes.map(({ execution, name, promises, doesNotPromise }) => (
        <details key={execution} className="panel">
          <summary>
            <strong>{name}</strong> <span className="quiet">what is promised, and what is not</span>
          </summary>
          <ul>
            {promises.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          {doesNotPromise.length > 0 && <p className="not-promised">Not promised:</p>}
          <ul>
            {doesNotPromise.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  );
}
