import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { codeOf } from '../api/fault.ts';
import { Page } from '../page/page.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { useTitle } from '../page/title.ts';
import { paths } from '../paths.ts';
import { sessionQuery, useSessionIfAny } from '../session/session.ts';
import { signInAddress } from '../session/sign-in-address.ts';
import { ActionLink } from '../ui/action-link.tsx';
import { Joining } from './joining.tsx';
import { useInvitationToken, useNameOfToken } from './use-invitation.ts';

/** Where an invitation's link leads: whoever is signed in joins, everybody else signs in first and comes back. */
export default function InvitationPage() {
  const token = useInvitationToken();
  return (
    <Frame title={token === null ? 'Invitation' : 'You are invited to a team'}>
      {token === null ? <NoInvitation /> : <Invited token={token} />}
    </Frame>
  );
}

function Frame({ title, children }: { title: string; children: ReactNode }) {
  const session = useSessionIfAny();
  useTitle('Invitation');
  if (session) return <Page title={title}>{children}</Page>;
  return (
    <main className="lone sign-in" id="main" tabIndex={-1}>
      <p className="product">
        <img src="/icon.svg" alt="" width="36" height="36" />
        ORGN Gateway
      </p>
      <h1>{title}</h1>
      {children}
    </main>
  );
}

function NoInvitation() {
  return (
    <>
      <p>This address has no invitation in it. Open the link in the invitation’s mail again, all of it.</p>
      <p>
        <Link to={paths.home()}>To the start page</Link>
      </p>
    </>
  );
}

function Invited({ token }: { token: string }) {
  const query = useQuery(sessionQuery());
  if (query.data) {
    return (
      <Joining token={token} email={query.data.user.email} signIn={(label) => <SignIn token={token}>{label}</SignIn>} />
    );
  }
  if (codeOf(query.error) === 'not_signed_in') {
    return (
      <>
        <p>To join, sign in with the e-mail address that was invited.</p>
        <SignIn token={token}>Sign in and join</SignIn>
      </>
    );
  }
  if (query.error) return <ProblemNote error={query.error} again={() => void query.refetch()} />;
  return <p aria-busy="true">One moment.</p>;
}

function SignIn({ token, children }: { token: string; children: ReactNode }) {
  const named = useNameOfToken(token);
  if (named === null) return null;
  const { name } = named;
  const href = signInAddress({ returnTo: paths.invitation(), ...(name !== undefined && { invitation: name }) });
  return <ActionLink href={href}>{children}</ActionLink>;
}
