import { EventSplitter, hiddenRemovals, modelEdit, outermost, readEvent, splice } from '@orgn/dialects';
import { built } from './built.mjs';

const { ChunkPattern } = await built('inference-router', 'answers/chunk-pattern');
const model = 'local_canned';

/**
 * An answer read and shown as a router does it: its model is ours, and what tells of its usage waits for `stored`.
 * @param {import('@orgn/channel').TakenRequest} request
 * @param {{ form: object, isStream: boolean }} order
 * @param {(usage: object) => Promise<void>} stored is told what was used
 */
export function answerOf(request, { form, isStream }, stored) {
  return isStream ? new Stream(request, form, stored) : new Whole(request, form, stored);
}

const editsOf = (json, parts) => outermost([...modelEdit(parts, model), ...hiddenRemovals(json)]);

class Whole {
  #chunks = [];

  constructor(request, form, stored) {
    this.request = request;
    this.form = form;
    this.stored = stored;
  }

  begin(status) {
    this.status = status;
  }

  push(chunk) {
    this.#chunks.push(chunk);
    return true;
  }

  async end() {
    const json = Buffer.concat(this.#chunks);
    const parts = this.form.read(json);
    const shown = splice(json, editsOf(json, parts));
    await this.stored(parts.usage);
    this.request.begin(this.status, { 'content-type': 'application/json', 'content-length': String(shown.length) });
    this.request.end(shown);
  }
}

class Stream {
  #splitter = new EventSplitter(1_048_576);
  #held = [];
  #pattern;
  #usage;

  constructor(request, form, stored) {
    this.request = request;
    this.form = form;
    this.stored = stored;
  }

  begin(status) {
    this.request.begin(status, { 'content-type': 'text/event-stream; charset=utf-8' });
  }

  push(chunk) {
    let isOpen = true;
    for (const event of this.#splitter.push(chunk)) isOpen = this.#take(event) && isOpen;
    return isOpen;
  }

  async end() {
    await this.stored(this.#usage);
    this.request.end(Buffer.concat(this.#held));
  }

  #take(event) {
    const like = this.#pattern?.match(event);
    if (like) return this.request.write(like.shown);
    const read = readEvent(event);
    const parts = read && this.form.read(read.data);
    if (!parts) return this.#hold(event);
    const edits = editsOf(read.data, parts);
    const shown = Buffer.concat([read.before, splice(read.data, edits), read.after]);
    if (parts.tellsUsage) {
      this.#usage = parts.usage;
      return this.#hold(shown);
    }
    this.#pattern = ChunkPattern.of({ event, read, parts, edits });
    return this.request.write(shown);
  }

  #hold(bytes) {
    this.#held.push(bytes);
    return true;
  }
}
