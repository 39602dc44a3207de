import { ConsoleProblem } from '@orgn/console-api';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { sessionEnd } from './session-end.ts';

const RETRIES = 2;

/** Only what may pass by itself is asked again: a refusal stays a refusal. */
export function isWorthAnother(failures: number, error: Error): boolean {
  if (failures >= RETRIES) return false;
  if (error instanceof ConsoleProblem) return error.problem.status >= 500;
  return error instanceof TypeError;
}

/** What the server said, kept until it is asked again. Whoever learns that the session has ended tells everybody. */
export function newQueries(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ConsoleProblem && error.problem.code === 'not_signed_in') sessionEnd.say();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: isWorthAnother, retryDelay: (failures) => 500 * 2 ** failures },
      mutations: { retry: false, gcTime: 0, networkMode: 'always' },
    },
  });
}
