import { Injectable } from '@nestjs/common';
import type { TeamId } from '@orgn/contracts';
import type { Membership, SignedIn } from '../console/console-call.ts';
import { DailyLimits } from '../permissions/daily-limits.ts';
import { notPermitted } from '../permissions/require-permission.ts';
import { MembersRepository } from '../roster/members.repository.ts';
import { Roster, type Locked } from '../roster/roster.ts';

/** Who may have this deployment write to somebody whom they name, and how often. */
@Injectable()
export class InvitingLicense {
  constructor(
    readonly roster: Roster,
    private readonly members: MembersRepository,
    private readonly limits: DailyLimits,
  ) {}

  /**
   * Runs `work`, by which somebody will get a mail, in a transaction in which the caller may invite.
   * @throws ServiceError `not_found`, `not_permitted` also where nobody who can be found answers for it; TooOften
   */
  use<T>(call: { caller: SignedIn; membership: Membership }, work: (held: Locked) => Promise<T>): Promise<T> {
    return this.roster.hold(call, 'invitations.create', async (held) => {
      requireVerified(call.caller);
      await this.#requireOwner(held.team.id);
      const done = await work(held);
      await this.limits.countInvitation(call.caller.userId);
      return done;
    });
  }

  async #requireOwner(teamId: TeamId): Promise<void> {
    const owners = await this.members.owners(teamId);
    if (owners.some(({ user }) => user.isEmailVerified)) return;
    throw notPermitted(
      'No owner of this team has a verified e-mail address. An owner has to verify theirs before anybody is invited.',
    );
  }
}

function requireVerified({ isEmailVerified }: SignedIn): void {
  if (isEmailVerified) return;
  throw notPermitted(
    'Your identity provider does not say that your e-mail address is verified. Verify it before you invite others.',
  );
}
