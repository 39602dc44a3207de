import { mayKeyUse, type ConsoleModel, type ExecutionClass, type ModelKey } from '@orgn/console-api';
import { Link } from 'react-router';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Copy } from '../ui/copy.tsx';
import { shortFigure, usd } from '../ui/figures.ts';
import { aside, Beneath, number, Table } from '../ui/table.tsx';
import { EnclaveWords } from './enclave-words.tsx';

interface ModelTableProps {
  rows: readonly ConsoleModel[];
  keys: readonly ModelKey[];
  executions: readonly ExecutionClass[];
  /** Where a model is tried; absent: the person may not. */
  tryAt?: (model: string) => string;
}

const states: Record<ConsoleModel['availability'], { word: string; tone: Tone; meaning: string }> = {
  available: { word: 'Available', tone: 'good', meaning: 'A call would be sent on now.' },
  failing: {
    word: 'Failing',
    tone: 'bad',
    meaning: 'Its provider has been failing; calls are refused until it recovers.',
  },
  unverified: {
    word: 'Not verified',
    tone: 'warning',
    meaning: 'Its enclave is not verified, so nothing is sent to it.',
  },
  unknown: { word: 'Unknown', tone: 'neutral', meaning: 'No router has said anything about it.' },
};

const tones: Record<ConsoleModel['execution'], Tone> = { tee: 'accent', zdr: 'neutral', operator: 'neutral' };

/** The models, where they run first. */
export function ModelTable({ rows, keys, executions, tryAt }: ModelTableProps) {
  const nameOf = (execution: string) => executions.find((one) => one.execution === execution)?.name ?? execution;
  return (
    <Table
      label="Table of models"
      className="models"
      columns={[
        'Model',
        aside('Execution'),
        aside('State'),
        { ...number('Context, output'), isAside: true },
        number('In, out'),
        aside('Can'),
        aside('My keys'),
      ]}
    >
      {rows.map((model) => (
        <ModelRow key={model.id} {...{ model, keys, tryAt }} execution={nameOf(model.execution)} />
      ))}
    </Table>
  );
}

interface ModelRowProps extends Pick<ModelTableProps, 'keys'> {
  model: ConsoleModel;
  execution: string;
  tryAt: ModelTableProps['tryAt'] | undefined;
}

function ModelRow({ model, keys, execution, tryAt }: ModelRowProps) {
  const { word, tone, meaning } = states[model.availability];
  const { price, id } = model;
  return (
    <tr>
      <th scope="row">
        <span className="row-name">{model.displayName}</span>
        <code>{id}</code> <Copy text={id} label={`Copy ${id}`} />{' '}
        {tryAt && model.capabilities.includes('chat') && (
          <Link to={tryAt(id)} aria-label={`Try ${model.displayName}`}>
            Try
          </Link>
        )}
        <small>
          {model.ownedBy}, served by {model.provider}
        </small>
        <span className="narrow-only">
          <Badge tone={tones[model.execution]}>{execution}</Badge> <Badge tone={tone}>{word}</Badge>
        </span>
        <Beneath>
          <EnclaveWords model={model} />
          {shortFigure(model.context)} context{model.maxOutput > 0 && `, ${shortFigure(model.maxOutput)} output`}
          <br />
          {inWords(model.capabilities)}
          <br />
          My keys: <Usable keys={keys} model={model} />
        </Beneath>
      </th>
      <td className="aside where">
        <Badge tone={tones[model.execution]}>{execution}</Badge>
        <EnclaveWords model={model} />
      </td>
      <td className="aside">
        <Badge tone={tone} title={meaning}>
          {word}
        </Badge>
      </td>
      <td className="number aside">
        {shortFigure(model.context)}
        {model.maxOutput > 0 && <small>{shortFigure(model.maxOutput)}</small>}
      </td>
      <td className="number">
        {usd(price.input)}, {usd(price.output)}
        {model.isSample && <small>samples</small>}
      </td>
      <td className="can aside">{inWords(model.capabilities)}</td>
      <td className="aside">
        <Usable keys={keys} model={model} />
      </td>
    </tr>
  );
}

function inWords(capabilities: readonly string[]): string {
  return capabilities.map((one) => one.replaceAll('_', ' ')).join(', ');
}

function Usable({ keys, model }: { keys: readonly ModelKey[]; model: ConsoleModel }) {
  if (keys.length === 0) return <span className="quiet">no key yet</span>;
  const usable = keys.filter((key) => mayKeyUse(key, model));
  if (usable.length === keys.length) return <>all {keys.length}</>;
  const names = usable.map(({ name }) => name).join(', ');
  return <span title={names}>{usable.length === 0 ? 'none' : `${usable.length} of ${keys.length}`}</span>;
}
