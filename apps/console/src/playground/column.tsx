import type { ConsoleModel } from '@orgn/console-api';
import { X } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { whyNot } from './chat-models.ts';
import type { Settings } from './chat-request.ts';
import { CodeButton } from './code-button.tsx';
import { isRunning, openCalls, type Turn } from './conversation.ts';
import type { Column, Desk } from './desk.ts';
import { EndOfTurns } from './end-of-turns.tsx';
import { LateAnswer } from './late-answer.tsx';
import { QuestionView } from './question.tsx';
import { ToolResults } from './tool-results.tsx';

interface ColumnProps {
  desk: Desk;
  column: Column;
  models: readonly ConsoleModel[];
  settings: Settings;
  isTeeOnly: boolean;
  isAlone: boolean;
  /** Why nothing can be asked. */
  reason: string | undefined;
}

/** A conversation with one model. */
export function ColumnView({ desk, column, models, settings, isTeeOnly, isAlone, reason }: ColumnProps) {
  const { id, turns } = column;
  const model = models.find((one) => one.id === column.model);
  const why = reason ?? (isRunning(turns) ? 'An answer is under way.' : undefined);
  return (
    <section className="column" aria-label={model ? `Conversation with ${model.displayName}` : 'Conversation'}>
      <header className="column-head">
        <ModelField
          label={isAlone ? 'Model' : `Model of column ${desk.snapshot().columns.indexOf(column) + 1}`}
          {...{ models, isTeeOnly }}
          value={column.model}
          onChoose={(chosen) => desk.choose(id, chosen)}
        />
        {model && <CodeButton {...{ model, settings, turns }} />}
        {!isAlone && (
          <Button kind="quiet" className="icon-only" aria-label="Close this column" onClick={() => desk.close(id)}>
            <X aria-hidden size={17} />
          </Button>
        )}
      </header>
      <div className="turns">
        {turns.length === 0 && <p className="quiet no-turns">Nothing has been said yet. Write below.</p>}
        {model && <Turns {...{ desk, column, model, why }} />}
        <EndOfTurns turns={turns} />
      </div>
    </section>
  );
}

interface TurnsProps {
  desk: Desk;
  column: Column;
  model: ConsoleModel;
  why: string | undefined;
}

function Turns({ desk, column, model, why }: TurnsProps) {
  const { id, turns } = column;
  const calls = openCalls(turns);
  return (
    <>
      {turns.map((turn) => (
        <TurnView key={turn.id} {...{ desk, column, model, turn, why }} />
      ))}
      {calls.length > 0 && (
        <ToolResults
          key={turns.length}
          calls={calls}
          reason={why}
          onGive={(results) => desk.give(id, results, model)}
        />
      )}
    </>
  );
}

function TurnView({ desk, column: { id }, model, turn, why }: TurnsProps & { turn: Turn }) {
  if (turn.kind === 'question') {
    return <QuestionView question={turn} reason={why} onEdit={(text) => desk.edit(id, turn.id, text, model)} />;
  }
  if (turn.kind === 'answer') {
    return (
      <LateAnswer
        answer={turn}
        reason={why}
        onRetry={() => desk.retry(id, turn.id, model)}
        onFork={() => desk.fork(id, turn.id)}
      />
    );
  }
  return (
    <div className="turn result">
      <p className="turn-who">
        <code>{turn.name}</code> gave back
      </p>
      <pre tabIndex={0} aria-label={`Result of ${turn.name}`}>
        {turn.text === '' ? '(nothing)' : turn.text}
      </pre>
    </div>
  );
}

const groups = [
  { name: 'In an enclave', isIn: (model: ConsoleModel) => model.execution === 'tee' },
  { name: 'Elsewhere', isIn: (model: ConsoleModel) => model.execution !== 'tee' },
];

interface ModelFieldProps {
  label: string;
  models: readonly ConsoleModel[];
  isTeeOnly: boolean;
  value: string;
  onChoose: (model: string) => void;
}

function ModelField({ label, models, isTeeOnly, value, onChoose }: ModelFieldProps) {
  return (
    <select className="model-field" aria-label={label} value={value} onChange={(event) => onChoose(event.target.value)}>
      {value === '' && <option value="">Choose a model</option>}
      {groups.map(({ name, isIn }) => (
        <optgroup key={name} label={name}>
          {models.filter(isIn).map((model) => {
            const not = whyNot(model, isTeeOnly);
            return (
              <option key={model.id} value={model.id} disabled={isTeeOnly && model.execution !== 'tee'}>
                {model.displayName} ({model.provider}){not === undefined ? '' : `, ${not}`}
              </option>
            );
          })}
        </optgroup>
      ))}
    </select>
  );
}
