import { requestRoutes, type CostLine, type RequestDetail } from '@orgn/console-api';
import { requestId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { paths } from '../paths.ts';
import { ProofDetails } from '../proof/proof-details.tsx';
import { useTeam } from '../session/team.ts';
import { Badge } from '../ui/badge.tsx';
import { Copy } from '../ui/copy.tsx';
import { Fact } from '../ui/fact.tsx';
import { figure, usd } from '../ui/figures.ts';
import { Note } from '../ui/note.tsx';
import { number, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { outcomeTones, whoOf } from './request-table.tsx';
import './usage.css';

/** One request: who, what, how it ended, what it cost line by line, why it was refused. */
export default function RequestPage() {
  const { id: teamId } = useTeam();
  const given = useParams().requestId ?? '';
  const id = requestId.safeParse(given).data;
  const query = useQuery({
    ...queryOf(requestRoutes.get, { params: { teamId, requestId: id ?? ('' as never) } }),
    enabled: id !== undefined,
  });
  const isUnknown = id === undefined || codeOf(query.error) === 'not_found';
  return (
    <Page title="Request" crumb={<Link to={paths.requests({ teamId })}>Requests</Link>} lead={<code>{given}</code>}>
      {isUnknown ? <Unknown /> : <Loaded query={query}>{(request) => <Detail request={request} />}</Loaded>}
    </Page>
  );
}

function Unknown() {
  return (
    <Note kind="warning" title="Nothing is known of a request with this id in this team">
      <p>
        It may be one of another team, or of a key that nobody knows: of such calls nothing is kept. Metering may also
        be a few seconds behind, and refusals are forgotten after 14 days.
      </p>
    </Note>
  );
}

function Detail({ request }: { request: RequestDetail }) {
  const { id: teamId } = useTeam();
  const { refusal } = request;
  return (
    <>
      {refusal && (
        <Note
          kind="problem"
          title={`Refused with ${refusal.status} ${refusal.code}${refusal.param ? ` (${refusal.param})` : ''}`}
        >
          <p>{refusal.when}</p>
          <p>{refusal.action}</p>
        </Note>
      )}
      <div className="two">
        <What request={request} />
        <Cost request={request} />
      </div>
      {request.execution !== null && (
        <section className="panel">
          <h2>Where it was answered</h2>
          <ProofDetails teamId={teamId} requestId={request.id} />
        </section>
      )}
    </>
  );
}

function What({ request }: { request: RequestDetail }) {
  const { id: teamId } = useTeam();
  const { key } = request;
  return (
    <section className="panel">
      <h2>What</h2>
      <dl className="facts">
        <Fact name="Outcome">
          <Badge tone={outcomeTones[request.outcome] ?? 'neutral'}>{request.outcome}</Badge>
        </Fact>
        <Fact name="When">
          <Time at={request.at} isExact />
        </Fact>
        <Fact name="Model">
          <code>{request.model ?? 'none'}</code> {request.execution && <Badge>{request.execution}</Badge>}
        </Fact>
        <Fact name="Provider">{request.provider ?? 'none was asked'}</Fact>
        <Fact name="Key">{key ? <Link to={paths.key({ teamId, keyId: key.id })}>{key.name}</Link> : 'Playground'}</Fact>
        <Fact name="Who">{whoOf(request)}</Fact>
        <Fact name="Took">
          {figure(request.durationMs)} ms{request.streamed ? ', streamed' : ''}
        </Fact>
        <Fact name="Id">
          <code>{request.id}</code> <Copy text={request.id} label="Copy request id" />
        </Fact>
      </dl>
    </section>
  );
}

function Cost({ request: { promptTokens, completionTokens, costUsd, usage, lines } }: { request: RequestDetail }) {
  return (
    <section className="panel">
      <h2>Tokens and cost</h2>
      <dl className="facts">
        <Fact name="Prompt">{figure(promptTokens)} tokens</Fact>
        <Fact name="Answer">{figure(completionTokens)} tokens</Fact>
        {usage && (
          <Fact name="Counted by">
            {usage.countedBy}, told by the {usage.witness}
          </Fact>
        )}
        <Fact name="Cost">
          <strong>{usd(costUsd)}</strong>
        </Fact>
      </dl>
      {lines && lines.length > 0 && <Lines lines={lines} />}
    </section>
  );
}

const whats: Record<CostLine['what'], string> = {
  input: 'Input tokens',
  cachedInput: 'Cached input tokens',
  cacheWrite: 'Tokens written to the cache',
  output: 'Output tokens',
  reasoning: 'Reasoning tokens',
  image: 'Images',
  audioSecond: 'Seconds of audio',
  request: 'Request',
};

const perOne: readonly CostLine['what'][] = ['image', 'audioSecond', 'request'];

function Lines({ lines }: { lines: readonly CostLine[] }) {
  return (
    <Table
      label="What it was charged for"
      className="lines"
      columns={['What', ...['Count', 'Rate', 'USD'].map(number)]}
    >
      {lines.map(({ what, count, rate, usd: cost }) => (
        <tr key={what}>
          <th scope="row">{whats[what]}</th>
          <td className="number">{figure(count)}</td>
          <td className="number">
            {usd(rate)} {perOne.includes(what) ? 'each' : 'a million'}
          </td>
          <td className="number">{usd(cost)}</td>
        </tr>
      ))}
    </Table>
  );
}
