import { invitationRoutes, type Invitation } from '@orgn/console-api';
import { useState } from 'react';
import { useChange } from '../api/change.ts';
import { useReason } from '../permission/may.ts';
import { useTeam } from '../session/team.ts';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../page/problem-note.tsx';
import { aside, Beneath, rowActions, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { InvitationLink } from './invitation-link.tsx';

/** Who was invited and has not come yet. */
export function InvitationTable({ invitations }: { invitations: readonly Invitation[] }) {
  const [link, setLink] = useState<string | null>(null);
  const [error, setError] = useState<Error | null>(null);
  return (
    <>
      {error && <ProblemNote error={error} />}
      {link !== null && <InvitationLink link={link} />}
      <Table label="Table of invitations" columns={['Address', aside('Role'), aside('Good until'), rowActions]}>
        {invitations.map((invitation) => (
          <InvitationRow key={invitation.id} {...{ invitation, setLink, setError }} />
        ))}
      </Table>
    </>
  );
}

interface InvitationRowProps {
  invitation: Invitation;
  setLink: (link: string | null) => void;
  setError: (error: Error | null) => void;
}

function InvitationRow({
  invitation: { id, email, role, status, invitedBy, expiresAt },
  setLink,
  setError,
}: InvitationRowProps) {
  const why = useReason();
  const { id: teamId } = useTeam();
  const given = { params: { teamId, invitationId: id } };
  const resend = useChange(invitationRoutes.resend, {
    done: ({ isMailed }) =>
      isMailed
        ? `Sent to ${email} again; the old link no longer works.`
        : 'There is a new link; the old one no longer works.',
  });
  const revoke = useChange(invitationRoutes.revoke, { done: `The invitation of ${email} is taken back.` });
  const again = () => {
    setError(null);
    resend.mutate(given, { onError: setError, onSuccess: ({ link }) => setLink(link) });
  };
  const back = () => {
    setError(null);
    revoke.mutate(given, { onError: setError });
  };
  return (
    <tr>
      <th scope="row">
        <span className="row-name">{email}</span>
        {invitedBy && <small>invited by {invitedBy.name}</small>}
        <Beneath>
          as {role}, {status === 'expired' ? 'expired' : <Time at={expiresAt} />}
        </Beneath>
      </th>
      <td className="aside">{role}</td>
      <td className="aside">
        {status === 'expired' ? <Badge tone="warning">expired</Badge> : <Time at={expiresAt} />}
      </td>
      <td>
        <div className="row-actions">
          <Button
            kind="quiet"
            aria-label={`Send the invitation of ${email} again`}
            reason={why('invitations.create')}
            isBusy={resend.isPending}
            onClick={again}
          >
            Send again
          </Button>
          <Button
            kind="quiet"
            className="danger-text"
            aria-label={`Take back the invitation of ${email}`}
            reason={why('invitations.revoke')}
            isBusy={revoke.isPending}
            onClick={back}
          >
            Take back
          </Button>
        </div>
      </td>
    </tr>
  );
}
