import type { ConsoleReplyOf, ConsoleRoute, Given } from '@orgn/console-api';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { announce, notify } from '../ui/notices.tsx';
import { api } from './client.ts';

export interface ChangeOptions<C extends ConsoleRoute> {
  /** What is said when it is done: nobody has to see it to know it. */
  done: string | ((reply: ConsoleReplyOf<C>, given: Given<C>) => string);
  /** True: the page shows it where it happened, so that it is said to ears alone. */
  isSeen?: boolean;
  /** False: whoever asked makes things old later, because a new list would take a secret off the screen. */
  isInvalidating?: boolean;
}

/** Who is told how one change ended. */
interface Told<R> {
  onSuccess?: (reply: R) => void;
  onError?: (error: Error) => void;
}

/** Makes old what a change of a route may have changed: whatever has its tag, and the audit log when it wrote an entry. */
export async function invalidate(queries: QueryClient, { tag, audit }: ConsoleRoute): Promise<void> {
  const tags = new Set([tag, ...(audit === null ? [] : ['audit']), ...alsoChanged(tag)]);
  await Promise.all([...tags].map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

/** A person's teams are part of their session; who comes and goes takes keys and invitations along. */
function alsoChanged(tag: string): string[] {
  if (tag === 'teams') return ['session', 'members'];
  if (tag === 'members') return ['teams', 'keys', 'session'];
  if (tag === 'operator') return ['teams', 'audit'];
  return tag === 'invitations' ? ['teams', 'members', 'session'] : [];
}

/**
 * A route that changes something. Its answer lives no longer than whoever asked: it may hold a secret. How it ended is told whatever
 * has become of who asked meanwhile: a row that is taken from its list, the dialog of a team that is gone, or a form that begins
 * anew with what was saved.
 */
export function useChange<C extends ConsoleRoute>(
  route: C,
  { done, isSeen = false, isInvalidating = true }: ChangeOptions<C>,
) {
  const queries = useQueryClient();
  const mutation = useMutation<ConsoleReplyOf<C>, Error, Given<C>>({
    mutationKey: [route.name],
    mutationFn: (given) => api.call(route, given),
    onSuccess: async (reply, given) => {
      if (isInvalidating) await invalidate(queries, route);
      const say = isSeen ? announce : notify;
      say(typeof done === 'string' ? done : done(reply, given));
    },
  });
  const { mutateAsync } = mutation;
  const mutate = useCallback(
    (given: Given<C>, { onSuccess, onError }: Told<ConsoleReplyOf<C>> = {}) =>
      void mutateAsync(given).then(onSuccess, onError ?? (() => undefined)),
    [mutateAsync],
  );
  return { ...mutation, mutate };
}
