import { Injectable } from '@nestjs/common';
import type { listPeople, pairPeople, ReplyOf, RequestOf } from '@orgn/contracts';
import { PeopleRepository } from './people.repository.ts';

@Injectable()
export class PeopleService {
  constructor(private readonly people: PeopleRepository) {}

  async list({ email, cursor, limit }: RequestOf<typeof listPeople>): Promise<ReplyOf<typeof listPeople>> {
    const rows = await this.people.list({ email, cursor, limit: limit + 1 });
    const shown = rows.slice(0, limit).map(({ isEmailVerified, lastSignedInAt, ...person }) => ({
      ...person,
      emailVerified: isEmailVerified,
      lastSignedInAt: lastSignedInAt?.toISOString() ?? null,
    }));
    return { people: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  async pair({ from, to, cursor, limit }: RequestOf<typeof pairPeople>): Promise<ReplyOf<typeof pairPeople>> {
    const rows = await this.people.shareAddress({ from, to, cursor, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const isClear = ({ people }: (typeof rows)[number]) => people === 1;
    return {
      pairs: shown.filter(isClear).map(({ id, email, oldSub, newSub }) => ({ id, email, from: oldSub, to: newSub })),
      ambiguous: shown.filter((row) => !isClear(row)).map(({ email }) => email),
      next: rows.length > limit ? (shown.at(-1)?.email ?? null) : null,
    };
  }
}
