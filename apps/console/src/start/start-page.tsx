import { modelRoutes, type NewKey } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { FirstUse } from '../key/first-use.tsx';
import { limitsAsSentence } from '../key/limits.ts';
import { SecretOnce } from '../key/secret-once.tsx';
import { modelFor } from '../key/snippets.ts';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { paths } from '../paths.ts';
import { Desk, useDesk } from '../playground/desk.ts';
import { FirstAnswer } from '../playground/first-answer.tsx';
import { useTeam } from '../session/team.ts';
import '../key/keys.css';
import { FirstKey } from './first-key.tsx';
import { Step } from './step.tsx';
import './start.css';

/** From nothing to a first call out of a terminal, without reading anything. */
export default function StartPage() {
  const team = useTeam();
  const models = useQuery({ ...queryOf(modelRoutes.list, { params: { teamId: team.id } }), staleTime: 60_000 });
  const [desk] = useState(() => new Desk(team.id));
  const [column] = useDesk(desk).columns;
  const hasAsked = column?.turns.some((turn) => turn.kind === 'answer' && turn.state === 'done') ?? false;
  const asked = column?.turns.find((turn) => turn.kind === 'question');
  const [made, setMade] = useState<NewKey | null>(null);
  return (
    <Page title="Start" lead={`Your first call with ${team.name}, in three clicks.`}>
      <ol className="steps">
        <Step at={1} title="Ask a model" isDone={hasAsked}>
          <Loaded query={models} lines={2}>
            {({ data }) => <FirstAnswer desk={desk} models={data} />}
          </Loaded>
        </Step>
        <Step at={2} title="Make a key" isDone={made !== null}>
          {made ? (
            <SecretOnce
              secret={made.key}
              hint={made.hint}
              model={column?.model || modelFor(made.models)}
              {...(asked && { prompt: asked.text })}
            />
          ) : (
            <FirstKey onMade={setMade} describe={limitsAsSentence} />
          )}
        </Step>
        <Step at={3} title="Call from your terminal" isDone={false}>
          {made ? (
            <>
              <p>Paste what stands above. This line changes as soon as the gateway has heard it:</p>
              <FirstUse teamId={team.id} keyId={made.id} />
            </>
          ) : (
            <p className="quiet">The secret will stand inside a call that works as it is.</p>
          )}
        </Step>
      </ol>
      <section aria-labelledby="doors">
        <h2 id="doors">And then</h2>
        <ul className="doors">
          <li>
            <Link to={paths.keys({ teamId: team.id })}>One key for each environment</Link>
            <span className="quiet">Rotation and incidents are simple then.</span>
          </li>
          <li>
            <Link to={paths.team({ teamId: team.id })}>Invite your colleagues</Link>
            <span className="quiet">Roles say who makes and who ends keys.</span>
          </li>
          <li>
            <a href="/api/docs">Automate it</a>
            <span className="quiet">Everything on these pages is an API.</span>
          </li>
        </ul>
      </section>
    </Page>
  );
}
