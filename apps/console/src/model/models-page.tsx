import { mayDo, modelRoutes, type ConsoleModel, type ConsoleReplyOf, type ExecutionClass } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { Page } from '../page/page.tsx';
import { useAddress } from '../page/use-address.ts';
import { Loaded } from '../page/loaded.tsx';
import { paths } from '../paths.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Filters, InputFilter, SelectFilter } from '../ui/filters.tsx';
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
  const { wired, clear } = useAddress();
  const [text, execution, type] = [wired('q'), wired('execution'), wired('type')];
  const rows = data.filter(
    (model) => matches(model, text.value, execution.value) && (type.value === '' || model.type === type.value),
  );
  const team = useTeam();
  const mayTry = mayDo(team.role, 'playground.use', true);
  const tryAt = (model: string) => paths.playground({ teamId: team.id }, { model });
  const types = [...new Set(data.map((model) => model.type))];
  return (
    <>
      <Executions classes={executions} />
      <Filters found={`${rows.length} of ${data.length} models`}>
        <InputFilter label="Search" placeholder="Name, id or capability" {...text} />
        <SelectFilter
          label="Execution"
          options={[
            { value: '', label: 'Any' },
            ...executions.map((one) => ({ value: one.execution, label: one.name })),
          ]}
          {...execution}
        />
        <SelectFilter
          label="Kind"
          options={[{ value: '', label: 'Every kind' }, ...types.map((one) => ({ value: one, label: one }))]}
          {...type}
        />
      </Filters>
      {rows.length === 0 ? (
        <Empty
          title={data.length === 0 ? 'The catalogue has no models' : 'No model matches'}
          {...(data.length > 0 && {
            action: <Button onClick={clear}>Clear filters</Button>,
          })}
        />
      ) : (
        <ModelTable {...{ rows, keys, executions, ...(mayTry && { tryAt }) }} />
      )}
      <p className="quiet footnote">
        Prices are USD for a million tokens of prompt and of answer; samples have not been checked against the provider.
        Catalogue <code>{catalogue.version}</code>.
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
            <strong>{name}</strong> <span className="quiet">what it promises, and what not</span>
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
