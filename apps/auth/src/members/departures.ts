import { Injectable } from '@nestjs/common';
import { ServiceError, type KeysOfLeaver, type TeamId, type UserId } from '@orgn/contracts';
import { TeamKeys } from '../team-keys/team-keys.ts';
import { SessionEnder } from '../sessions/session-ender.ts';
import { MembersRepository } from '../roster/members.repository.ts';

export interface Departure {
  teamId: TeamId;
  userId: UserId;
  /** What becomes of their keys; absent: they must have none. */
  keys: KeysOfLeaver | undefined;
  adoptBy: UserId | null;
}

/** How a membership ends. */
@Injectable()
export class Departures {
  constructor(
    private readonly members: MembersRepository,
    private readonly teamKeys: TeamKeys,
    private readonly sessions: SessionEnder,
  ) {}

  /**
   * Settles the keys of somebody who leaves, at every gateway, and then takes them out of the team: what they could still
   * use ends before what they could still see. Runs in a transaction that has locked the team.
   * @returns how many keys were settled
   * @throws ServiceError `confirmation_required` when they own keys and nobody said what becomes of those
   */
  async depart({ teamId, userId, keys, adoptBy }: Departure): Promise<number> {
    // Whoever makes a key holds on to their membership meanwhile: past this line, no further key of theirs can appear.
    await this.members.find(teamId, userId, 'change');
    if (!keys) await this.#requireNoKeys(teamId, userId);
    const { settled } = await this.teamKeys.settle({
      teamId,
      ownerId: userId,
      choice: keys ?? 'suspend',
      adoptBy: keys === 'adopt' ? adoptBy : null,
    });
    await this.members.remove(teamId, userId);
    return settled.length;
  }

  /**
   * Signs somebody out everywhere who was taken out of a team. Called when that is committed: it takes a connection of its
   * own, which must not be waited for by who holds locks.
   */
  async signOut(userId: UserId): Promise<void> {
    await this.sessions.endAllOf(userId);
  }

  async #requireNoKeys(teamId: TeamId, userId: UserId): Promise<void> {
    const owned = (await this.teamKeys.living(teamId)).filter(({ ownerId }) => ownerId === userId);
    if (owned.length === 0) return;
    throw new ServiceError(
      'confirmation_required',
      `They own ${owned.length} of the team's keys that have not ended. Say with "keys" what becomes of those.`,
      { param: 'keys' },
    );
  }
}
