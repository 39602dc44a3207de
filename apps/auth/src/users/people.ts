import { Injectable } from '@nestjs/common';
import type { Person } from '@orgn/console-api';
import type { UserId } from '@orgn/contracts';
import { AuthDatabase } from '../database/auth-database.ts';
import { UsersRepository } from './users.repository.ts';

/** People by their ids, for answers that name them. Whoever has left a team is still a person. */
export type PeopleById = ReadonlyMap<UserId, Person>;

/** What somebody is called who had their account deleted. */
const FORGOTTEN = 'A deleted account';

@Injectable()
export class People {
  constructor(
    private readonly users: UsersRepository,
    private readonly database: AuthDatabase,
  ) {}

  /** Looks up everybody at once; null stands for nobody and is left out. */
  async byId(ids: Iterable<UserId | null>): Promise<PeopleById> {
    const known = [...new Set(ids)].filter((id) => id !== null);
    if (known.length === 0) return new Map();
    const users = await this.database.query(() => this.users.findAll(known));
    return new Map(users.map(({ id, name, email }) => [id, { id, name: name || FORGOTTEN, email }]));
  }
}
