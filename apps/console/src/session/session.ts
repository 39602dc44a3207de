import { getSession, type ConsoleReplyOf } from '@orgn/console-api';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { queryOf } from '../api/query.ts';

export type Session = ConsoleReplyOf<typeof getSession>;

/** The session that the pages are drawn for; there is none on pages that need none. */
export const SessionContext = createContext<Session | null>(null);

export const sessionQuery = () => ({ ...queryOf(getSession), staleTime: 30_000, refetchInterval: 240_000 });

/** @throws on a page without a session, which then must not ask for it */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('this page is drawn without a session');
  return session;
}

/** Asks the server whether the sign-in is recent enough now for what needs a recent one. */
export function useFreshness(): () => Promise<boolean> {
  const queries = useQueryClient();
  return async () => (await queries.query({ ...sessionQuery(), staleTime: 5_000 })).session.isFresh;
}

/** The session, on pages that are there without one as well. */
export function useSessionIfAny(): Session | null {
  return useContext(SessionContext);
}
