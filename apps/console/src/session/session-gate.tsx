import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, type ReactNode } from 'react';
import { useLocation } from 'react-router';
import { codeOf } from '../api/fault.ts';
import { useSessionEnd } from '../api/session-end.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { paths } from '../paths.ts';
import { sessionQuery, SessionContext, type Session } from './session.ts';
import { SignInPage } from './sign-in-page.tsx';
import { onSignedIn } from './signed-in-channel.ts';
import { late } from '../page/late.tsx';

const SignedOutDialog = late(() => import('./signed-out-dialog.tsx'));

/** Pages that are there for people without a session as well. */
const open: readonly string[] = [paths.signedIn(), paths.invitation()];

/**
 * Draws the pages for whoever is signed in, and the sign-in page for everybody else. A session that ends later leaves the page
 * as it is, with what was typed, under a dialog.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const query = useQuery(sessionQuery());
  const hasEnded = useSessionEnd();
  const isOpen = open.includes(pathname);
  useSignInElsewhere(query.data);
  if (query.data) {
    return (
      <SessionContext value={query.data}>
        {children}
        <Suspense fallback={null}>{hasEnded && !isOpen && <SignedOutDialog session={query.data} />}</Suspense>
      </SessionContext>
    );
  }
  // Not before it is known that there is none: the two look different.
  if (isOpen && query.isFetched) return <SessionContext value={null}>{children}</SessionContext>;
  if (codeOf(query.error) === 'not_signed_in') return <SignInPage />;
  if (query.error) return <Unreachable error={query.error} again={() => void query.refetch()} />;
  return <div className="waiting" aria-busy="true" />;
}

function Unreachable({ error, again }: { error: Error; again: () => void }) {
  return (
    <main className="lone">
      <h1>ORGN Gateway</h1>
      <ProblemNote error={error} again={again} />
    </main>
  );
}

/** Another tab of this browser has signed in: the same person goes on, another one starts anew. */
function useSignInElsewhere(known: Session | undefined): void {
  const queries = useQueryClient();
  const userId = known?.user.id;
  useEffect(
    () =>
      onSignedIn(async () => {
        const { user } = await queries.query({ ...sessionQuery(), staleTime: 0 });
        if (userId !== undefined && userId !== user.id) window.location.reload();
      }),
    [queries, userId],
  );
}
