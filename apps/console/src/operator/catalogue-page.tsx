import { operatorRoutes, type ConsoleReplyOf } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { Badge } from '../ui/badge.tsx';
import { Fact } from '../ui/fact.tsx';
import { figure, shortFigure, usd } from '../ui/figures.ts';
import { Note } from '../ui/note.tsx';
import { aside, Beneath, number, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';

type Catalogue = ConsoleReplyOf<typeof operatorRoutes.catalogue>;

/** What the deployment sells now, and whether all routers agree on it. */
export default function CataloguePage() {
  const query = useQuery({ ...queryOf(operatorRoutes.catalogue), refetchInterval: 30_000 });
  return (
    <Page title="Catalogue" lead="The models and prices that routers dispatch and charge by at this moment.">
      <Loaded query={query}>{(catalogue) => <InForce {...catalogue} />}</Loaded>
    </Page>
  );
}

function InForce({ version, createdAt, models, routers }: Catalogue) {
  const others = routers.filter((router) => router.version !== version);
  const samples = models.filter(({ isSample }) => isSample);
  return (
    <>
      {others.length > 0 && (
        <Note kind="warning" title="Routers dispatch by different catalogues">
          <p>
            {others.map(({ router }) => router).join(', ')} {others.length === 1 ? 'has' : 'have'} another one. Only
            models that all of them serve are offered.
          </p>
        </Note>
      )}
      {samples.length > 0 && (
        <Note kind="warning" title={`${samples.length} of ${models.length} models have sample prices`}>
          <p>Nobody has checked them against the provider. They are charged as they stand.</p>
        </Note>
      )}
      <dl className="facts panel">
        <Fact name="Version">
          <code>{version}</code>
        </Fact>
        <Fact name="Made">
          <Time at={createdAt} isExact />
        </Fact>
        <Fact name="Routers">{routers.map(({ router }) => router).join(', ') || 'none has answered'}</Fact>
        <Fact name="Models">{figure(models.length)}</Fact>
      </dl>
      <section aria-labelledby="models">
        <h2 id="models">Models and prices</h2>
        <Models models={models} />
      </section>
    </>
  );
}

function Models({ models }: Pick<Catalogue, 'models'>) {
  return (
    <Table
      label="Models in force"
      columns={[
        'Model',
        aside('Provider'),
        aside('Execution'),
        { ...number('Context'), isAside: true },
        number('In'),
        number('Out'),
        aside('Prices'),
      ]}
    >
      {models.map((model) => (
        <tr key={model.id}>
          <th scope="row">
            <span className="row-name">{model.displayName}</span>
            <code>{model.id}</code>
            <Beneath>
              {model.provider}, {model.execution}, context {shortFigure(model.context)}, prices{' '}
              {model.isSample ? 'samples' : 'checked'}
            </Beneath>
          </th>
          <td className="aside">{model.provider}</td>
          <td className="aside">{model.execution}</td>
          <td className="number aside">{shortFigure(model.context)}</td>
          <td className="number">{usd(model.price.input)}</td>
          <td className="number">{usd(model.price.output)}</td>
          <td className="aside">
            {model.isSample ? <Badge tone="warning">samples</Badge> : <Badge tone="good">checked</Badge>}
          </td>
        </tr>
      ))}
    </Table>
  );
}
