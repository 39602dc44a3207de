import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { paths } from '../paths.ts';
import { ActionLink } from '../ui/action-link.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { signInAddress } from './sign-in-address.ts';
import { useSession } from './session.ts';
import { onSignedIn } from './signed-in-channel.ts';

export interface StepUpProps {
  /** What needs the recent sign-in, as it ends the sentence "To …". */
  purpose: string;
  onClose: () => void;
  /** Present: something was typed already, so the sign-in goes to a second tab, and this happens after it. */
  onDone?: () => void;
  /** Where to end where nothing was typed yet; absent: here. */
  returnTo?: string;
}

/** Asks the person to prove again who they are: before a form opens, or over it without touching what was typed. */
export default function StepUpDialog({ purpose, onClose, onDone, returnTo }: StepUpProps) {
  const { user } = useSession();
  const { pathname, search } = useLocation();
  const queries = useQueryClient();
  const isMidway = onDone !== undefined;
  useEffect(() => {
    if (!onDone) return;
    return onSignedIn(async () => {
      await queries.invalidateQueries({ queryKey: ['session'] });
      onDone();
    });
  }, [queries, onDone]);
  const href = signInAddress({
    isStepUp: true,
    loginHint: user.email,
    returnTo: isMidway ? paths.signedIn() : (returnTo ?? pathname + search),
  });
  return (
    <Dialog title="Prove again that it is you" onClose={onClose} isAsking={isMidway}>
      <p>
        To {purpose}, your sign-in must be recent, and yours is not any more.{' '}
        {isMidway ? 'Sign in in a second tab; what you typed stays here.' : 'You come back to exactly here.'}
      </p>
      <div className="actions">
        <ActionLink href={href} {...(isMidway && { target: '_blank' })}>
          Sign in again
        </ActionLink>
      </div>
    </Dialog>
  );
}
