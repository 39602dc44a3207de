import { invitationRoutes, type Problem } from '@orgn/console-api';
import { useEffect, type ReactNode } from 'react';
import { Link } from 'react-router';
import { useChange } from '../api/change.ts';
import { codeOf } from '../api/fault.ts';
import { ProblemNote } from '../page/problem-note.tsx';
import { paths } from '../paths.ts';
import { keptToken } from './invitation-token.ts';

interface JoiningProps {
  token: string;
  /** Whose session it is. */
  email: string;
  /** The way to another session. */
  signIn: (label: string) => ReactNode;
}

/** After these, the same token does not become good for anybody. */
const final: readonly (Problem['code'] | undefined)[] = ['not_found', 'request_conflict', 'invalid_request'];

/** Joins the team at once: who opens the link and is who it was sent to has said all that there is to say. */
export function Joining({ token, email, signIn }: JoiningProps) {
  const { mutate, data, error } = useChange(invitationRoutes.accept, {
    done: 'You are in the team now.',
    isSeen: true,
  });
  // The server's list of members.
  useEffect(() => mutate({ body: { token } }), [mutate, token]);
  useEffect(() => {
    if (data || final.includes(codeOf(error))) keptToken.forget();
  }, [data, error]);
  if (data) {
    return (
      <>
        <p>You have joined the team, with the role {data.role}.</p>
        <p>
          <Link className="button primary" to={paths.start({ teamId: data.teamId })}>
            To the team
          </Link>
        </p>
      </>
    );
  }
  if (error) return <Refused {...{ error, email, signIn }} again={() => mutate({ body: { token } })} />;
  return <p aria-busy="true">Joining, as {email}.</p>;
}

interface RefusedProps extends Omit<JoiningProps, 'token'> {
  error: Error;
  again: () => void;
}

/** What is wrong, and the way on that mends it. */
function Refused({ error, email, signIn, again }: RefusedProps) {
  const code = codeOf(error);
  if (code === 'not_signed_in') return signIn('Sign in and join');
  const isForAnother = code === 'not_permitted';
  return (
    <>
      <ProblemNote error={error} {...(!isForAnother && !final.includes(code) && { again })} />
      {isForAnother && (
        <>
          <p>
            You are signed in as <code>{email}</code>.
          </p>
          {signIn('Sign in as somebody else')}
        </>
      )}
      {!isForAnother && (
        <p>
          <Link to={paths.home()}>{code === 'request_conflict' ? 'To your team' : 'To the start page'}</Link>
        </p>
      )}
    </>
  );
}
