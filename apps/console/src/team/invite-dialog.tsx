import { invitationRoutes, type SentInvitation } from '@orgn/console-api';
import type { Role } from '@orgn/contracts';
import { useState, type SyntheticEvent } from 'react';
import { useChange } from '../api/change.ts';
import { fieldFaults } from '../api/fault.ts';
import { useTeam } from '../session/team.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Note } from '../ui/note.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { RoleField } from './role-field.tsx';

type Invitable = Exclude<Role, 'owner'>;

/** Invites somebody by their address. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { id: teamId, name } = useTeam();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Invitable>('member');
  const [sent, setSent] = useState<SentInvitation | null>(null);
  const invite = useChange(invitationRoutes.create, { done: 'The invitation is made.', isSeen: true });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    invite.mutate({ params: { teamId }, body: { email: email.trim(), role } }, { onSuccess: setSent });
  };
  if (sent) return <Sent sent={sent} onClose={onClose} />;
  const fault = fieldFaults(invite.error).email;
  return (
    <Dialog title={`Invite somebody to ${name}`} onClose={onClose} isAsking>
      <form noValidate onSubmit={submit}>
        <TextField
          label="E-mail address"
          type="email"
          value={email}
          autoFocus
          fault={fault}
          hint="They sign in with this address; your identity provider must know it as verified."
          onChange={(event) => setEmail(event.target.value)}
        />
        <RoleField
          value={role}
          roles={['admin', 'member', 'viewer']}
          onChoose={(chosen) => setRole(chosen as Invitable)}
        />
        {invite.error && fault === undefined && <ProblemNote error={invite.error} />}
        <div className="actions end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            type="submit"
            isBusy={invite.isPending}
            reason={email.trim() === '' ? 'Whom shall it go to?' : undefined}
          >
            Send invitation
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Sent({ sent, onClose }: { sent: SentInvitation; onClose: () => void }) {
  return (
    <Dialog title={`${sent.email} is invited`} onClose={onClose} isAsking>
      {sent.link !== null && <InvitationLink link={sent.link} />}
      {sent.isMailed && <p>A mail with a link is on its way. The link works once, for seven days.</p>}
      {!sent.isMailed && sent.link === null && (
        <Note kind="warning" title="The mail could not be sent">
          <p>The invitation is there all the same: send it again from the list in a while.</p>
        </Note>
      )}
      <div className="actions end">
        <Button kind="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
