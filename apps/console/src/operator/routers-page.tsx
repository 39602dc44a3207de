import { operatorRoutes, type RouterView } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Empty } from '../ui/empty.tsx';
import { Table } from '../ui/table.tsx';

type Provider = RouterView['providers'][number];

const healths: Record<Provider['health'], { word: string; tone: Tone }> = {
  ok: { word: 'Well', tone: 'good' },
  failing: { word: 'Failing', tone: 'bad' },
  not_configured: { word: 'Not configured', tone: 'neutral' },
};

const circuits: Record<NonNullable<Provider['circuit']>, { word: string; tone: Tone; meaning: string }> = {
  closed: { word: 'Closed', tone: 'good', meaning: 'Calls go through.' },
  half_open: {
    word: 'Trying',
    tone: 'warning',
    meaning: 'A few calls are let through to see whether it has recovered.',
  },
  open: { word: 'Open', tone: 'bad', meaning: 'Calls are refused until it has had time to recover.' },
};

interface RouterProps {
  router: RouterView;
}

/** The routers, and how each finds its providers. */
export default function RoutersPage() {
  const query = useQuery({ ...queryOf(operatorRoutes.routers), refetchInterval: 5_000 });
  return (
    <Page
      title="Routers"
      lead="Which routers answer, and how each finds its providers. Circuits are each router’s own."
    >
      <Loaded query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty title="No router answers">
              <p>Every call is refused until one does. Look at the services, and at the routers’ logs.</p>
            </Empty>
          ) : (
            data.map((router) => <Router key={router.router} router={router} />)
          )
        }
      </Loaded>
    </Page>
  );
}

/** What a router asks Intel and NVIDIA for, as people call it. */
const statements: Record<string, string> = {
  tcb_info: 'Intel’s patch levels',
  qe_identity: 'Intel’s quoting enclave',
  pck_crl: 'Intel’s revoked machines',
  root_crl: 'Intel’s revoked authorities',
  nras: 'NVIDIA’s word on GPUs',
  jwks: 'NVIDIA’s keys',
};

function Router({ router: { router, catalogueVersion, takesUnverified, providers, unanswered } }: RouterProps) {
  return (
    <section className="router" aria-label={router}>
      <div className="section-head">
        <h2>{router}</h2>
        <p className="quiet">
          Catalogue <code>{catalogueVersion}</code>{' '}
          {takesUnverified && <Badge tone="warning">sends to enclaves that nobody has verified</Badge>}
        </p>
        {unanswered.length > 0 && (
          <p className="danger-text">
            Could not be fetched: {unanswered.map((name) => statements[name] ?? name).join(', ')}. Enclaves are verified
            by what was fetched before, for as long as that says it holds.
          </p>
        )}
      </div>
      <Table label={`Providers of ${router}`} columns={['Provider', 'Health', 'Circuit']}>
        {providers.map((provider) => (
          <tr key={provider.provider}>
            <th scope="row">
              <span className="row-name">{provider.provider}</span>
            </th>
            <td>
              <Badge tone={healths[provider.health].tone}>{healths[provider.health].word}</Badge>
            </td>
            <td>{provider.circuit === null ? '–' : <Circuit {...circuits[provider.circuit]} />}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Circuit({ word, tone, meaning }: (typeof circuits)['open']) {
  return (
    <>
      <Badge tone={tone}>{word}</Badge> <span className="quiet aside">{meaning}</span>
    </>
  );
}
