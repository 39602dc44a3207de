import { modelRoutes, type ConsoleModel } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useSearchParams } from 'react-router';
import { queryOf } from '../api/query.ts';
import { Loaded } from '../page/loaded.tsx';
import { Page } from '../page/page.tsx';
import { useReason } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { chatModels, cheapest } from './chat-models.ts';
import { ColumnView } from './column.tsx';
import { Composer } from './composer.tsx';
import { deskOf, useDesk, type Desk, type DeskState } from './desk.ts';
import { SettingsPanel } from './settings-panel.tsx';
import './playground.css';

/** Models, tried by hand: what works here works with a key that may do the same. */
export default function PlaygroundPage() {
  const { id: teamId } = useTeam();
  const query = useQuery({ ...queryOf(modelRoutes.list, { params: { teamId } }), staleTime: 60_000 });
  const desk = deskOf(teamId);
  const state = useDesk(desk);
  return (
    <Page
      title="Playground"
      lead="Calls run as you, or under a key of yours, and cost the team what they cost anywhere. What you write here is kept in this tab alone."
      actions={<DeskActions desk={desk} state={state} />}
    >
      <Loaded query={query}>{({ data }) => <DeskOf desk={desk} state={state} models={chatModels(data)} />}</Loaded>
    </Page>
  );
}

function DeskActions({ desk, state: { columns } }: { desk: Desk; state: DeskState }) {
  const [first, second] = columns;
  const hasTurns = columns.some(({ turns }) => turns.length > 0);
  return (
    <>
      {first && !second && <Button onClick={() => desk.compare(first.model)}>Compare two models</Button>}
      <Button
        reason={hasTurns ? undefined : 'Nothing has been said yet.'}
        onClick={() => columns.forEach(({ id }) => desk.clear(id))}
      >
        Start over
      </Button>
    </>
  );
}

function DeskOf({ desk, state, models }: { desk: Desk; state: DeskState; models: readonly ConsoleModel[] }) {
  const team = useTeam();
  const reason = useReason()('playground.use') ?? suspension(team.standing);
  const isTeeOnly = team.settings.defaultExecutionPolicy === 'tee_only';
  useAskedModel(desk, models, state, isTeeOnly);
  if (models.length === 0) {
    return <Empty title="No model chats">The catalogue of this gateway has none that takes messages.</Empty>;
  }
  const chosen = state.columns.flatMap(({ model }) => models.find(({ id }) => id === model) ?? []);
  return (
    <div className="playground">
      <div className="desk">
        <div className="columns" data-columns={state.columns.length}>
          {state.columns.map((column) => (
            <ColumnView
              key={column.id}
              {...{ desk, column, models, isTeeOnly, reason }}
              settings={state.settings}
              isAlone={state.columns.length === 1}
            />
          ))}
        </div>
        <Composer {...{ desk, state, models: chosen, reason }} />
      </div>
      <SettingsPanel desk={desk} settings={state.settings} asKey={state.asKey} models={chosen} />
    </div>
  );
}

function suspension(standing: string): string | undefined {
  return standing === 'suspended' ? 'This team is suspended.' : undefined;
}

/** The model that the address asks for, once; else the cheapest that may run here, where none is chosen. */
function useAskedModel(desk: Desk, models: readonly ConsoleModel[], { columns }: DeskState, isTeeOnly: boolean): void {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('model');
  const [first] = columns;
  useEffect(() => {
    if (!first) return;
    const wanted =
      models.find(({ id }) => id === asked) ?? (first.model === '' ? cheapest(models, isTeeOnly) : undefined);
    if (wanted) desk.choose(first.id, wanted.id);
    if (asked === null) return;
    setSearch(
      (before) => {
        before.delete('model');
        return before;
      },
      { replace: true },
    );
  }, [desk, models, asked, first, isTeeOnly, setSearch]);
}
