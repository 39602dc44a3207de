import { Injectable } from '@nestjs/common';
import { ServiceError, type deletePerson, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import { Departures } from '../members/departures.ts';
import { Roster } from '../roster/roster.ts';
import { Endings } from '../teams/endings.ts';
import { FORGOTTEN } from '../users/nobody.ts';
import { AccountsRepository, type Place } from './accounts.repository.ts';

type Asked = RequestOf<typeof deletePerson>;
type Outcome = ReplyOf<typeof deletePerson>;

export type By = Pick<AuditEntry, 'actor' | 'client'>;

/** What leaving all teams takes. */
@Injectable()
export class WaysOut {
  constructor(
    readonly roster: Roster,
    readonly departures: Departures,
    readonly endings: Endings,
  ) {}
}

/** How an account ends. */
@Injectable()
export class FarewellService {
  constructor(
    private readonly database: AuthDatabase,
    private readonly accounts: AccountsRepository,
    private readonly ways: WaysOut,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Takes somebody out of their teams, with what their keys can do, and then forgets who they were. All of it or nothing.
   * @throws ServiceError `not_found`; `request_conflict` naming teams whose only owner they are; `confirmation_required` naming
   *   what would be lost
   */
  delete(asked: Asked, by: By): Promise<Outcome> {
    return this.database.patientTransaction(async () => {
      const person = await this.accounts.find(asked.id, true);
      if (!person || person.iss === FORGOTTEN) throw new ServiceError('not_found', 'There is nobody with this id.');
      const places = await this.accounts.places(asked.id);
      const alone = await this.#judge(asked, places);
      let keysSettled = 0;
      for (const { team, membership } of places) {
        if (alone.has(team.id)) await this.ways.endings.end(team, by);
        else keysSettled += await this.#leave(asked, membership, by);
      }
      await this.accounts.forget(asked.id);
      const outcome = { teamsLeft: places.length - alone.size, teamsEnded: alone.size, keysSettled };
      await this.audit.record({
        ...withoutAddress(by),
        teamId: null,
        action: 'user.deleted',
        object: { kind: 'user', id: asked.id },
        after: outcome,
      });
      return { id: asked.id, ...outcome };
    });
  }

  /** @returns the teams in which nobody else is */
  async #judge({ id, isConfirmed }: Asked, places: readonly Place[]): Promise<ReadonlySet<string>> {
    const alone = new Map<string, string>();
    const stuck: string[] = [];
    for (const { team } of places) {
      const { others, owners } = await this.ways.roster.lockOthers(team.id, id);
      if (others === 0) alone.set(team.id, team.name);
      else if (owners === 0) stuck.push(team.name);
    }
    if (stuck.length > 0) throw handOver(stuck);
    if (alone.size > 0 && !isConfirmed) throw wouldEnd([...alone.values()]);
    return new Set(alone.keys());
  }

  async #leave({ id, keys }: Asked, { teamId, role }: Place['membership'], by: By): Promise<number> {
    const settled = await this.ways.departures.depart({ teamId, userId: id, keys: keys ?? undefined, adoptBy: null });
    const object = { kind: 'member', id } as const;
    const after = { keys, keysSettled: settled };
    await this.audit.record({ ...withoutAddress(by), teamId, action: 'member.left', object, before: { role }, after });
    return settled;
  }
}

/** Where somebody was who is being forgotten is forgotten as well. */
function withoutAddress({ actor, client }: By): By {
  return { actor, client: client && { ...client, address: null } };
}

function handOver(teams: readonly string[]): ServiceError {
  const names = new Intl.ListFormat('en').format(teams);
  return new ServiceError(
    'request_conflict',
    `A team has at least one owner, and of ${names} there is no other. Make somebody else an owner first, or delete the team.`,
  );
}

function wouldEnd(teams: readonly string[]): ServiceError {
  const names = new Intl.ListFormat('en').format(teams);
  return new ServiceError(
    'confirmation_required',
    `Nobody else is in ${names}: it ends with the account, and its keys are revoked. Send "confirm": true to go on.`,
    { param: 'confirm' },
  );
}
