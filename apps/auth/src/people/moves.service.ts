import { Injectable } from '@nestjs/common';
import { ServiceError, type movePeople, type Renaming, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { AuditLog } from '../audit/audit-log.ts';
import { BY_OPERATOR } from '../audit/by-caller.ts';
import { AuthDatabase } from '../database/auth-database.ts';
import type { UserEntity } from '../users/user.entity.ts';
import { Inheritance } from './inheritance.ts';
import { PeopleRepository } from './people.repository.ts';

type Moved = ReplyOf<typeof movePeople>['people'][number];

/** Takes people along to another identity provider. */
@Injectable()
export class MovesService {
  constructor(
    private readonly database: AuthDatabase,
    private readonly people: PeopleRepository,
    private readonly inheritance: Inheritance,
    private readonly audit: AuditLog,
  ) {}

  /** Each of them in a transaction of their own. @throws ServiceError `invalid_request` for one issuer twice */
  async move({ from, to, people }: RequestOf<typeof movePeople>): Promise<ReplyOf<typeof movePeople>> {
    if (from === to)
      throw new ServiceError('invalid_request', 'People move from one issuer to another.', { param: 'to' });
    const moved: Moved[] = [];
    for (const person of people) {
      moved.push({ ...person, ...(await this.database.patientTransaction(() => this.#moveOne(from, to, person))) });
    }
    return { people: moved };
  }

  async #moveOne(from: string, to: string, names: Renaming): Promise<Pick<Moved, 'outcome' | 'id'>> {
    const person = await this.people.hold(from, names.from);
    const newer = await this.people.hold(to, names.to);
    if (!person) return { outcome: newer ? 'already' : 'unknown', id: newer?.id ?? null };
    if (newer) await this.#merge(person, newer);
    else await this.people.rename(person, to, names.to);
    await this.inheritance.endSessions(person);
    await this.audit.record({
      ...BY_OPERATOR,
      teamId: null,
      action: 'user.moved',
      object: { kind: 'user', id: person.id },
      before: { iss: from, sub: names.from },
      after: { iss: to, sub: names.to, absorbed: newer?.id ?? null },
    });
    return { outcome: 'moved', id: person.id };
  }

  async #merge(person: UserEntity, newer: UserEntity): Promise<void> {
    await this.inheritance.pass(newer, person);
    await this.inheritance.endSessions(newer);
    await this.people.takeOver(person, newer);
  }
}
