import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { AuthConfig } from '../config.ts';
import type { SignedIn } from '../console/console-call.ts';

/** What is dangerous in the wrong hands needs a recent sign-in: an unattended browser must not be enough. */
@Injectable()
export class StepUpService {
  constructor(private readonly config: AuthConfig) {}

  /** Whether this person has proved who they are recently enough; a time that nobody says is not recent. */
  isFresh({ authenticatedAt }: SignedIn): boolean {
    return authenticatedAt !== null && Date.now() - authenticatedAt.getTime() <= this.config.STEP_UP_SECONDS * 1_000;
  }

  /** @throws ServiceError `reauthentication_required` */
  requireFreshSignIn(caller: SignedIn): void {
    if (this.isFresh(caller)) return;
    throw new ServiceError(
      'reauthentication_required',
      'This needs a recent sign-in. Sign in again, as the same person, and repeat it.',
    );
  }
}
