import type { ConsoleModel } from '@orgn/console-api';
import { useId, useState } from 'react';
import { useReason } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { chatModels, cheapest, whyNot } from './chat-models.ts';
import { isUnderWay } from './conversation.ts';
import { useDesk, type Desk } from './desk.ts';
import { LateAnswer } from './late-answer.tsx';

const PROMPT = 'Say hello in five words.';

interface FirstAnswerProps {
  desk: Desk;
  models: readonly ConsoleModel[];
}

/** A first call by one click: model and message are there already, and the answer streams beneath. */
export function FirstAnswer({ desk, models }: FirstAnswerProps) {
  const isTeeOnly = useTeam().settings.defaultExecutionPolicy === 'tee_only';
  const chatting = chatModels(models).filter((model) => !isTeeOnly || model.execution === 'tee');
  const [chosen, setChosen] = useState('');
  const [text, setText] = useState(PROMPT);
  const model = chatting.find(({ id }) => id === chosen) ?? cheapest(chatting, isTeeOnly);
  const id = useId();
  return (
    <div className="first-answer">
      <div className="first-answer-fields">
        <label htmlFor={`${id}-model`}>Model</label>
        <select id={`${id}-model`} value={model?.id ?? ''} onChange={({ target }) => setChosen(target.value)}>
          {chatting.map((one) => (
            <option key={one.id} value={one.id}>
              {[`${one.displayName} (${one.provider})`, whyNot(one, isTeeOnly)].filter(Boolean).join(', ')}
            </option>
          ))}
        </select>
        <label htmlFor={`${id}-text`}>Message</label>
        <input id={`${id}-text`} type="text" value={text} onChange={({ target }) => setText(target.value)} />
      </div>
      <Asked {...{ desk, model, text }} />
    </div>
  );
}

function whyNotAsk(model: ConsoleModel | undefined, text: string): string | undefined {
  if (!model) return 'No model can be asked here.';
  return text.trim() === '' ? 'Write something first.' : undefined;
}

/** The one thing to do, and what came of it. */
function Asked({ desk, model, text }: { desk: Desk; model: ConsoleModel | undefined; text: string }) {
  const [column] = useDesk(desk).columns;
  const turn = column?.turns.at(-1);
  const may = useReason()('playground.use');
  if (!column) return null;
  const answer = turn?.kind === 'answer' ? turn : undefined;
  const send = () => {
    if (!model) return;
    desk.clear(column.id);
    desk.choose(column.id, model.id);
    desk.send(text, [], [model]);
  };
  return (
    <>
      {answer && isUnderWay(answer) ? (
        <Button kind="danger" onClick={() => desk.stop(column.id)}>
          Stop
        </Button>
      ) : (
        <Button kind="primary" reason={may ?? whyNotAsk(model, text)} onClick={send}>
          Send
        </Button>
      )}
      {answer && <LateAnswer answer={answer} />}
    </>
  );
}
