import { ConsoleProblem, type Problem } from '@orgn/console-api';

/** A failure as a person is told it. */
export interface Fault {
  title: string;
  detail: string;
  requestId?: string;
  /** Where to go to mend it. */
  action?: string;
  retryAfterSeconds?: number;
}

/** Titles by code; the other codes say it with the meaning of their status. */
const titles: Partial<Record<Problem['code'], string>> = {
  not_found: 'This does not exist, or not for you',
  not_permitted: 'Your role does not allow this',
  request_conflict: 'This does not go together',
  invalid_request: 'Something of this cannot be taken',
  rate_limit_exceeded: 'Too often',
  service_unavailable: 'A part of the gateway does not answer',
  internal: 'Something went wrong in the gateway',
  reauthentication_required: 'This needs a recent sign-in',
  not_signed_in: 'Your session has ended',
  team_suspended: 'This team is suspended',
};

/** Says what failed and what to do. The words are the server's, chosen by its code; never its text is asked what it means. */
export function toFault(error: Error): Fault {
  if (error instanceof ConsoleProblem) return toFaultOfProblem(error);
  if (error instanceof TypeError) {
    return {
      title: 'The gateway cannot be reached',
      detail: 'Nothing came back. Whether a change was done is not known; look before you repeat it.',
    };
  }
  return {
    title: 'This page does not understand the answer',
    detail: 'Load the page again; it may be older than the gateway.',
  };
}

function toFaultOfProblem({ problem, retryAfterSeconds }: ConsoleProblem): Fault {
  return {
    title: titles[problem.code] ?? problem.title,
    detail: problem.detail,
    ...(problem.requestId && { requestId: problem.requestId }),
    ...(problem.action && { action: problem.action }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  };
}

/** The code of a refusal; undefined: it was none of the server's. */
export function codeOf(error: unknown): Problem['code'] | undefined {
  return error instanceof ConsoleProblem ? error.problem.code : undefined;
}

/** What is wrong with which field, by its path in the request: `budgets.total`. */
export function fieldFaults(error: unknown): Record<string, string> {
  const errors = error instanceof ConsoleProblem ? (error.problem.errors ?? []) : [];
  return Object.fromEntries(errors.map(({ path, message }) => [path, message]));
}
