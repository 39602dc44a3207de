import { GitFork, RotateCcw } from 'lucide-react';
import { Link, useParams } from 'react-router';
import { Markdown } from '../markdown/markdown.tsx';
import { paths } from '../paths.ts';
import { Button } from '../ui/button.tsx';
import { Copy } from '../ui/copy.tsx';
import { Note } from '../ui/note.tsx';
import { AnswerFigures } from './answer-figures.tsx';
import { isUnderWay, type Answer, type AnswerFault, type ToolCall } from './conversation.ts';
import './answer.css';

export interface AnswerProps {
  answer: Answer;
  /** Why it cannot be asked for anew. */
  reason?: string | undefined;
  onRetry?: () => void;
  onFork?: () => void;
}

/** What a model answered: how it thought, what it said, what it wants called, and what all of that took. */
export default function AnswerView({ answer, reason, onRetry, onFork }: AnswerProps) {
  const { state, text, reasoning, calls, fault, model, asKey } = answer;
  const isOver = !isUnderWay(answer);
  return (
    <article className="turn answer" aria-label={`Answer of ${model}`} aria-busy={!isOver} data-state={state}>
      {state === 'waiting' && <p className="quiet waiting">Waiting for the first word …</p>}
      {reasoning !== '' && <Reasoning text={reasoning} isThinking={!isOver && text === ''} />}
      {text !== '' && <Markdown text={text} isDone={isOver} />}
      {calls.map((call) => (
        <CallView key={call.id} call={call} />
      ))}
      {state === 'stopped' && <p className="quiet">You stopped it here. What came until then was charged.</p>}
      {fault && <FaultNote {...fault} asKey={asKey} />}
      <AnswerFigures answer={answer} />
      {isOver && <Actions {...{ text, reason, onRetry, onFork }} />}
    </article>
  );
}

interface ActionsProps extends Pick<AnswerProps, 'reason'> {
  text: string;
  onRetry: AnswerProps['onRetry'] | undefined;
  onFork: AnswerProps['onFork'] | undefined;
}

/** What can be done once it is over. */
function Actions({ text, reason, onRetry, onFork }: ActionsProps) {
  return (
    <div className="turn-actions">
      {text !== '' && (
        <Copy text={text} label="Copy answer">
          Copy
        </Copy>
      )}
      {onRetry && (
        <Button kind="quiet" icon={<RotateCcw aria-hidden size={14} />} reason={reason} onClick={onRetry}>
          Retry
        </Button>
      )}
      {onFork && (
        <Button kind="quiet" icon={<GitFork aria-hidden size={14} />} onClick={onFork}>
          Fork
        </Button>
      )}
    </div>
  );
}

/** Titles by code; the sentence under them is the gateway's. */
const titles: Record<string, string> = {
  cut: 'The answer was cut off',
  execution_policy: 'This team runs enclaves only',
  key_revoked: 'This request was ended',
  key_expired: 'This request lasted too long',
  not_signed_in: 'Your session has ended',
  rate_limit_exceeded: 'Too often',
  insufficient_quota: 'The team’s budget does not cover this',
  insufficient_balance: 'The balance does not cover this',
  budget_exceeded: 'A budget does not cover this',
  team_suspended: 'This team is suspended',
  unreachable: 'The gateway cannot be reached',
};

/** Refusals that are mended where the money is. */
const ofMoney = new Set(['insufficient_balance', 'budget_exceeded', 'insufficient_quota']);

/** Refusals that may be mended where the key's limits are. */
const ofKey = new Set(['budget_exceeded', 'rate_limit_exceeded', 'model_not_allowed', 'execution_policy']);

function FaultNote({ code, detail, asKey }: AnswerFault & Pick<Answer, 'asKey'>) {
  const { teamId } = useParams();
  return (
    <Note isAlert kind="problem" title={titles[code] ?? 'This was not answered'}>
      <p>{detail}</p>
      {ofMoney.has(code) && teamId !== undefined && (
        <p>
          <Link to={paths.billing({ teamId })}>Balance and budgets</Link>
        </p>
      )}
      {ofKey.has(code) && asKey !== '' && teamId !== undefined && (
        <p>
          <Link to={`${paths.key({ teamId, keyId: asKey })}?ask=edit.${asKey}`}>Limits of this API key</Link>
        </p>
      )}
    </Note>
  );
}

/** Folded once the answer itself begins, unless somebody has opened it. */
function Reasoning({ text, isThinking }: { text: string; isThinking: boolean }) {
  return (
    <details className="reasoning">
      <summary>{isThinking ? 'Thinking …' : 'How it thought'}</summary>
      <p className="said">{text}</p>
    </details>
  );
}

function CallView({ call: { name, arguments: text } }: { call: ToolCall }) {
  return (
    <div className="tool-call">
      <p>
        Wants <code>{name}</code> called with
      </p>
      <pre tabIndex={0} aria-label={`Arguments of ${name}`}>
        {indented(text)}
      </pre>
    </div>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
