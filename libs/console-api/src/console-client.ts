import type { z } from 'zod';
import { problem, type Problem } from './problem.ts';
import type { ConsoleReplyOf, ConsoleRoute, ParamsOf } from './route.ts';

/** The header that marks a request as the page's own: a foreign site cannot set it without being asked first. */
export const CSRF_HEADER = 'x-orgn-csrf';

/** A refusal of the console API. */
export class ConsoleProblem extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = 'ConsoleProblem';
  }
}

interface Given<C extends ConsoleRoute> {
  params?: ParamsOf<C>;
  query?: z.input<C['query']>;
  body?: z.input<C['body']>;
}

/** Calls routes of the console API from a page of the same origin, or from a test with a `fetch` that keeps cookies. */
export class ConsoleClient {
  constructor(
    private readonly origin = '',
    // Called without a receiver: a browser's `fetch` refuses any other than the window.
    private readonly fetcher: typeof fetch = (...call) => fetch(...call),
  ) {}

  /** @throws ConsoleProblem what the server refused with; TypeError when it could not be reached */
  async call<C extends ConsoleRoute>(route: C, given: Given<C> = {}): Promise<ConsoleReplyOf<C>> {
    const response = await this.fetcher(this.#urlOf(route, given), {
      method: route.method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', 'content-type': 'application/json', [CSRF_HEADER]: '1' },
      ...(route.method !== 'GET' && { body: JSON.stringify(given.body ?? {}) }),
    });
    if (!response.ok) throw new ConsoleProblem(problem.parse(await response.json()));
    return route.reply.parse(response.status === 204 ? undefined : await response.json()) as ConsoleReplyOf<C>;
  }

  #urlOf<C extends ConsoleRoute>(route: C, given: Given<C>): string {
    const params = (given.params ?? {}) as Record<string, unknown>;
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
    const query = Object.entries(given.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
    const search = new URLSearchParams(
      query.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return `${this.origin}${path}${search && `?${search}`}`;
  }
}
