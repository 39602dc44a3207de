import { Injectable } from '@nestjs/common';
import type { TeamAction } from '@orgn/console-api';
import type { Membership, SignedIn } from '../console/console-call.ts';
import { Roster } from '../roster/roster.ts';
import { StepUpService } from '../sessions/step-up.service.ts';

/** What lets a key be accepted, or accepted for more, than before. */
@Injectable()
export class Granting {
  constructor(
    private readonly roster: Roster,
    private readonly stepUp: StepUpService,
  ) {}

  /**
   * Runs `work` for a caller who has signed in recently, and who stays in the team with the role they have until it is done:
   * nobody grants on the way out what then outlives their membership.
   * @throws ServiceError `reauthentication_required`; `not_found` when the caller is no longer in the team, `not_permitted`
   */
  grant<C extends { caller: SignedIn; membership: Membership }, T>(
    call: C,
    action: TeamAction,
    work: (held: C) => Promise<T>,
  ): Promise<T> {
    this.stepUp.requireFreshSignIn(call.caller);
    return this.roster.hold(call, action, ({ team, role }) =>
      work({ ...call, membership: { ...call.membership, teamId: team.id, role } }),
    );
  }
}
