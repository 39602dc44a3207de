import type { ToolCallDelta } from '../chat/chat-delta.ts';
import { malformedCall } from '../tools/malformed-call.ts';
import { CallInput, isBlank } from './call-input.ts';

/** A call of a tool while it comes. */
export class Call {
  readonly kind: ToolCallDelta['kind'];
  readonly index: number;
  /** As the provider calls it; not necessarily unique. */
  id: string | undefined;
  name = '';
  readonly input = new CallInput();
  #unsent: string[] = [];
  isBegun = false;
  /** A name came once more after the arguments were whole: what comes next is another call's. */
  mayBeNext = false;

  constructor({ kind, index }: ToolCallDelta) {
    this.kind = kind;
    this.index = index;
  }

  /** Nothing can be added to it any more. The input of a custom tool is any text, which ends with the answer only. */
  get isWhole(): boolean {
    return this.kind === 'function' && this.input.isClosed && this.name !== '';
  }

  /** Nothing is known of it: some providers open the list with an empty entry. */
  get isEmpty(): boolean {
    return this.id === undefined && this.name === '' && this.input.isBlank;
  }

  /** @throws ServiceError `provider_unavailable` when more arguments come than the call has */
  take({ id, name, input }: ToolCallDelta): void {
    this.id ??= id;
    this.name ||= name;
    if (this.isWhole && !isBlank(input)) throw malformedCall();
    this.mayBeNext ||= name !== '' && this.isWhole;
    this.#add(input);
  }

  #add(piece: string): void {
    if (piece === '') return;
    this.input.add(piece);
    this.#unsent.push(piece);
  }

  /** The arguments that came since this was asked last. */
  news(): string {
    const news = this.#unsent.join('');
    this.#unsent = [];
    return news;
  }
}
