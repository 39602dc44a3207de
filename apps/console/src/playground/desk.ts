import { useSyncExternalStore } from 'react';
import { announce } from '../ui/notices.tsx';
import { ask, AskError, type Heard } from './ask.ts';
import { chatRequest, type Settings, type Taker } from './chat-request.ts';
import {
  before,
  changed,
  grown,
  isRunning,
  newAnswer,
  openCalls,
  upTo,
  type Answer,
  type Attachment,
  type Turn,
} from './conversation.ts';
import { Draft } from './draft.ts';
import { gather } from './gather.ts';

/** One conversation with one model. */
export interface Column {
  id: number;
  /** Empty: none is chosen. */
  model: string;
  turns: readonly Turn[];
}

/** All that the playground of a team holds. It is in the memory of this tab, and nowhere else. */
export interface DeskState {
  settings: Settings;
  /** The key that is asked under; empty: none. */
  asKey: string;
  /** One, or two side by side. */
  columns: readonly Column[];
}

const empty: Settings = { system: '', values: {}, others: '', tools: '' };

/** Asks models, and keeps what was said for as long as the tab is open on the console. */
export class Desk {
  readonly draft = new Draft();
  #state: DeskState = { settings: empty, asKey: '', columns: [{ id: 1, model: '', turns: [] }] };
  #ids = 1;
  readonly #running = new Map<number, AbortController>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly teamId: string) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): DeskState => this.#state;

  set(settings: Partial<Settings>): void {
    this.#change({ settings: { ...this.#state.settings, ...settings } });
  }

  /** From the next question on. */
  askUnder(asKey: string): void {
    this.#change({ asKey });
  }

  choose(columnId: number, model: string): void {
    this.#column(columnId, (column) => ({ ...column, model }));
  }

  /** Puts a question to every column that is free. */
  send(text: string, attachments: readonly Attachment[], models: readonly Taker[]): void {
    for (const { id, model, turns } of this.#state.columns) {
      const taker = models.find((one) => one.id === model);
      if (!taker || isRunning(turns)) continue;
      this.#ask(id, taker, [...turns, { kind: 'question', id: this.#next(), text, attachments }]);
    }
  }

  /** Asks for an answer anew; what followed it is dropped. */
  retry(columnId: number, answerId: number, model: Taker): void {
    this.#ask(columnId, model, before(this.#turnsOf(columnId), answerId));
  }

  /** Asks a question in other words; what followed it is dropped. */
  edit(columnId: number, questionId: number, text: string, model: Taker): void {
    const turns = this.#turnsOf(columnId);
    const question = turns.find((turn) => turn.id === questionId);
    if (question?.kind !== 'question') return;
    this.#ask(columnId, model, [...before(turns, questionId), { ...question, id: this.#next(), text }]);
  }

  /** Gives the model what its tools gave back, by the calls' ids. */
  give(columnId: number, results: Readonly<Record<string, string>>, model: Taker): void {
    const turns = this.#turnsOf(columnId);
    const given = openCalls(turns).map(({ id: callId, name }) => ({
      ...{ kind: 'result' as const, id: this.#next(), callId, name, text: results[callId] ?? '' },
    }));
    this.#ask(columnId, model, [...turns, ...given]);
  }

  /** A copy of a conversation up to one of its turns, in the other column. */
  fork(columnId: number, turnId: number): void {
    const column = this.#state.columns.find(({ id }) => id === columnId);
    if (!column) return;
    const other = this.#state.columns.find(({ id }) => id !== columnId);
    if (other) this.clear(other.id);
    const copy = { id: this.#next(), model: other?.model || column.model, turns: upTo(column.turns, turnId) };
    this.#change({ columns: [column, copy] });
  }

  /** A second column with the same questions to come. */
  compare(model: string): void {
    const [first] = this.#state.columns;
    if (first) this.#change({ columns: [first, { id: this.#next(), model, turns: [] }] });
  }

  close(columnId: number): void {
    this.stop(columnId);
    const rest = this.#state.columns.filter(({ id }) => id !== columnId);
    if (rest.length > 0) this.#change({ columns: rest });
  }

  clear(columnId: number): void {
    this.stop(columnId);
    this.#column(columnId, (column) => ({ ...column, turns: [] }));
  }

  stop(columnId: number): void {
    for (const { id } of this.#turnsOf(columnId)) this.#running.get(id)?.abort();
  }

  #ask(columnId: number, model: Taker, turns: readonly Turn[]): void {
    const answer = newAnswer(this.#next(), model.id, this.#state.asKey);
    this.#column(columnId, (column) => ({ ...column, model: model.id, turns: [...turns, answer] }));
    void this.#run(columnId, answer, chatRequest(model, this.#state.settings, turns));
  }

  async #run(columnId: number, asked: Answer, request: ReturnType<typeof chatRequest>): Promise<void> {
    const { id: answerId, asKey } = asked;
    const stop = new AbortController();
    this.#running.set(answerId, stop);
    const askedAt = performance.now();
    const since = () => performance.now() - askedAt;
    const change = (to: (answer: Answer) => Answer) =>
      this.#column(columnId, (column) => ({ ...column, turns: changed(column.turns, answerId, to) }));
    const growing = gather((growth) => change((answer) => grown(answer, growth)));
    const hear = (heard: Heard) => {
      if ('growth' in heard) {
        const at = since();
        growing.add(heard.growth, () => change((answer) => ({ ...answer, firstTokenMs: answer.firstTokenMs ?? at })));
      } else change((answer) => ({ ...answer, ...heard }));
    };
    let end: Partial<Answer>;
    try {
      await ask({ teamId: this.teamId, asKey, request, signal: stop.signal }, hear);
      end = { state: 'done' };
    } catch (error) {
      end = toEnd(error, stop.signal);
    }
    growing.end();
    this.#running.delete(answerId);
    if (end.fault?.code === 'not_signed_in' && this.#takeBack(columnId, answerId)) return;
    change((answer) => ({ ...answer, ...end, head: end.head ?? answer.head, durationMs: since() }));
    if (!end.fault) announce(end.state === 'stopped' ? 'The answer is stopped.' : 'The answer is there.');
  }

  /** Nobody was asked, since the session had ended: the question is where it was written again, for when it goes on. */
  #takeBack(columnId: number, answerId: number): boolean {
    const turns = before(this.#turnsOf(columnId), answerId);
    const asked = turns.at(-1);
    if (asked?.kind !== 'question' || !this.draft.putBack(asked)) return false;
    this.#column(columnId, (column) => ({ ...column, turns: turns.slice(0, -1) }));
    return true;
  }

  #turnsOf(columnId: number): readonly Turn[] {
    return this.#state.columns.find(({ id }) => id === columnId)?.turns ?? [];
  }

  #column(columnId: number, change: (column: Column) => Column): void {
    this.#change({ columns: this.#state.columns.map((column) => (column.id === columnId ? change(column) : column)) });
  }

  #change(change: Partial<DeskState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  #next(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

function toEnd(error: unknown, { aborted }: AbortSignal): Partial<Answer> {
  if (aborted) return { state: 'stopped' };
  if (error instanceof AskError)
    return { state: 'failed', fault: error.fault, ...(error.head && { head: error.head }) };
  return { state: 'failed', fault: { code: 'internal', detail: 'This page did not understand the answer.' } };
}

const desks = new Map<string, Desk>();

/** The desk of a team. Who signs out leaves this page, and its memory with it. */
export function deskOf(teamId: string): Desk {
  const desk = desks.get(teamId) ?? new Desk(teamId);
  desks.set(teamId, desk);
  return desk;
}

export function useDesk(desk: Desk): DeskState {
  return useSyncExternalStore(desk.subscribe, desk.snapshot);
}
