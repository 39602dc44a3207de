import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sessionEnd } from '../api/session-end.ts';
import { paths } from '../paths.ts';
import { Dialog } from '../ui/dialog.tsx';
import { ActionLink } from '../ui/action-link.tsx';
import { signInAddress } from './sign-in-address.ts';
import type { Session } from './session.ts';
import { onSignedIn } from './signed-in-channel.ts';

/** Over the page, which stays as it is until the person is back. */
export default function SignedOutDialog({ session }: { session: Session }) {
  const queries = useQueryClient();
  useEffect(
    () =>
      onSignedIn(async () => {
        sessionEnd.mend();
        await queries.invalidateQueries();
      }),
    [queries],
  );
  const address = signInAddress({ returnTo: paths.signedIn(), loginHint: session.user.email });
  return (
    <Dialog title="Your session has ended" isAsking>
      <p>
        Sign in again in a second tab, then come back here. Nothing on this page is lost: what you typed stays where it
        is.
      </p>
      <div className="actions">
        <ActionLink href={address} target="_blank">
          Sign in again
        </ActionLink>
      </div>
    </Dialog>
  );
}
