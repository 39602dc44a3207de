import { consoleRoutes, type ConsoleRoute, type Problem } from '@orgn/console-api';
import { errorTable, type ErrorCode } from '@orgn/contracts';
import { replies } from './replies.ts';

/** A refusal, as the server says it. */
export class Refusal {
  constructor(
    readonly code: ErrorCode,
    readonly detail = 'What to do is said here.',
  ) {}

  toResponse(): Response {
    const { status } = errorTable[this.code];
    const problem: Problem = {
      type: `urn:orgn-gateway:problem:${this.code}`,
      title: this.code,
      ...{ status, code: this.code, detail: this.detail, requestId: 'request-1' },
    };
    return Response.json(problem, { status });
  }
}

/** No answer at all, for as long as the page is open. */
export const silence = Symbol('silence');

/** A reply, a refusal, silence, or one of them by what was asked. */
type Answer = unknown;
type ByQuery = (query: URLSearchParams) => unknown;

/** A console API that answers by its contract: what a route would not answer, it does not either. */
export class FakeGateway {
  /** What was asked, as `name` of the route and what was sent. */
  readonly asked: { name: string; body: unknown; query: URLSearchParams }[] = [];
  readonly #answers = new Map<string, Answer>(Object.entries(replies));

  /** Answers a route from now on with something else: a reply, a refusal, silence, or what a function says to a query. */
  answer(name: string, answer: Answer): this {
    this.#answers.set(name, answer);
    return this;
  }

  readonly fetch = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const { pathname, searchParams } = new URL(input as string, 'https://console.example');
    const route = routeOf(init.method ?? 'GET', pathname);
    this.asked.push({ name: route.name, body: bodyOf(init), query: searchParams });
    const given = this.#answers.get(route.name);
    const answer = typeof given === 'function' ? (given as ByQuery)(searchParams) : given;
    if (answer === silence) return never(init.signal);
    return answer instanceof Refusal ? answer.toResponse() : toResponse(route, answer);
  };
}

function bodyOf({ body }: RequestInit): unknown {
  return typeof body === 'string' ? JSON.parse(body) : null;
}

function toResponse(route: ConsoleRoute, answer: unknown): Response {
  if (route.status === 204) return new Response(null, { status: 204 });
  if (answer === undefined) throw new Error(`nobody says what ${route.name} answers`);
  return Response.json(route.reply.parse(answer), { status: route.status });
}

function routeOf(method: string, path: string): ConsoleRoute {
  const found = consoleRoutes.find(
    (route) => route.method === method && new RegExp(`^${route.path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  if (!found) throw new Error(`there is no route ${method} ${path}`);
  return found;
}

function never(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}
