import type { z } from 'zod';
import { problem, type Problem } from './problem.ts';
import type { ConsoleReplyOf, ConsoleRoute, ParamsOf } from './route.ts';

/** The header that marks a request as the page's own: a foreign site cannot set it without being asked first. */
export const CSRF_HEADER = 'x-orgn-csrf';

/** A refusal of the console API. */
export class ConsoleProblem extends Error {
  /** @param retryAfterSeconds what `retry-after` says; undefined: it does not say */
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds?: number,
  ) {
    super(problem.detail);
    this.name = 'ConsoleProblem';
  }
}

export interface Given<C extends ConsoleRoute> {
  params?: ParamsOf<C>;
  query?: z.input<C['query']>;
  body?: z.input<C['body']>;
  signal?: AbortSignal;
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
    const response = await this.fetcher(this.addressOf(route, given), {
      method: route.method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', 'content-type': 'application/json', [CSRF_HEADER]: '1' },
      signal: given.signal ?? null,
      ...(route.method !== 'GET' && { body: JSON.stringify(given.body ?? {}) }),
    });
    if (!response.ok) throw await toConsoleProblem(response);
    return route.reply.parse(response.status === 204 ? undefined : await response.json()) as ConsoleReplyOf<C>;
  }

  /** The address of a call: its path with the parameters, and its query. */
  addressOf<C extends ConsoleRoute>(route: C, given: Given<C>): string {
    const params = (given.params ?? {}) as Record<string, unknown>;
    const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
    const query = Object.entries(given.query ?? {}).filter(([, value]) => value !== undefined && value !== null);
    const search = new URLSearchParams(
      query.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return `${this.origin}${path}${search && `?${search}`}`;
  }
}

/** A refusal as it came. What a proxy on the way answers is no problem document, and says no more than its status. */
export async function toConsoleProblem(response: Response): Promise<ConsoleProblem> {
  const said = problem.safeParse(await response.json().catch(() => undefined));
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ConsoleProblem(
    said.data ?? unreadable(response),
    Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
  );
}

function unreadable(response: Response): Problem {
  return {
    type: 'urn:orgn-gateway:problem:service_unavailable',
    title: 'Service Unavailable',
    status: response.status,
    code: 'service_unavailable',
    detail: `Something between this page and the gateway answered in its place, with status ${response.status}. Try again shortly.`,
    requestId: response.headers.get('x-request-id')?.slice(0, 100) ?? '',
  };
}
