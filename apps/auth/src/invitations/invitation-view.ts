import type { Invitation } from '@orgn/console-api';
import type { InvitationRecord } from './invitations.repository.ts';

export function toInvitation({ id, email, role, inviter, createdAt, expiresAt }: InvitationRecord): Invitation {
  return {
    id,
    email,
    role,
    status: expiresAt.getTime() > Date.now() ? 'pending' : 'expired',
    invitedBy: inviter && { id: inviter.id, name: inviter.name, email: inviter.email },
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}
