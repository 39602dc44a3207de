import { Injectable } from '@nestjs/common';
import type { accountRoutes, ConsoleReplyOf } from '@orgn/console-api';
import {
  listOwnedKeys,
  reportUsage,
  ServiceError,
  TOLD_KEYS,
  type exportPerson,
  type PersonalData,
  type PersonalEntry,
  type ReplyOf,
  type RequestOf,
  type TeamId,
  type UserId,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { AccountsRepository, type Place } from './accounts.repository.ts';

/** Entries on the bus at a time, and of a download in all. */
const PAGE = 100;
const MOST_ENTRIES = 10_000;
const USAGE_MS = 399 * 86_400_000;

/** What is held of a person, put together for them. */
@Injectable()
export class PersonalDataService {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly bus: Bus,
  ) {}

  /** @throws ServiceError `not_found`, `service_unavailable` where a part of it cannot be had: what is incomplete is not told */
  async export({ id, cursor }: RequestOf<typeof exportPerson>): Promise<ReplyOf<typeof exportPerson>> {
    const [data, rows] = await Promise.all([this.#data(id), this.accounts.entries(id, { cursor, limit: PAGE })]);
    const entries = rows.slice(0, PAGE);
    return { data, entries, next: rows.length > PAGE ? (entries.at(-1)?.id ?? null) : null };
  }

  /** The same at once. */
  async whole(id: UserId): Promise<ConsoleReplyOf<typeof accountRoutes.export>> {
    const auditEntries: PersonalEntry[] = [];
    let cursor: string | null = null;
    do {
      const rows: PersonalEntry[] = await this.accounts.entries(id, { cursor, limit: PAGE });
      auditEntries.push(...rows.slice(0, PAGE));
      cursor = rows.length > PAGE ? (auditEntries.at(-1)?.id ?? null) : null;
    } while (cursor !== null && auditEntries.length < MOST_ENTRIES);
    return { ...(await this.#data(id)), auditEntries };
  }

  async #data(id: UserId): Promise<PersonalData> {
    const user = await this.accounts.find(id);
    if (!user) throw new ServiceError('not_found', 'There is nobody with this id.');
    const [sessions, places, invitations, { keys }] = await Promise.all([
      this.accounts.sessions(id),
      this.accounts.places(id),
      this.accounts.invitations(id),
      this.bus.ask(listOwnedKeys, { ownerId: id, limit: TOLD_KEYS }),
    ]);
    const { iss, sub, email, isEmailVerified: emailVerified, name, createdAt, lastSignedInAt } = user;
    const moments = { createdAt: createdAt.toISOString(), lastSignedInAt: lastSignedInAt?.toISOString() ?? null };
    return {
      user: { id, iss, sub, email, emailVerified, name, ...moments },
      sessions: sessions.map((session) => ({
        id: session.id,
        createdAt: session.createdAt.toISOString(),
        lastSeenAt: session.lastSeenAt.toISOString(),
        client: { address: session.clientAddress, userAgent: session.clientUserAgent },
      })),
      teams: places.map(toTeam),
      keys,
      invitations: invitations.map(({ invitedBy: _, tokenDigest: __, inviter: ___, ...sent }) => ({
        ...sent,
        createdAt: sent.createdAt.toISOString(),
        expiresAt: sent.expiresAt.toISOString(),
      })),
      usage: await Promise.all(places.map(({ team }) => this.#usage(team.id, id))),
    };
  }

  async #usage(teamId: TeamId, member: UserId): Promise<PersonalData['usage'][number]> {
    const [from, until] = [new Date(Date.now() - USAGE_MS), new Date()].map((moment) => moment.toISOString());
    const span = { from: from as string, until: until as string, unit: 'day', by: 'model' } as const;
    const { total } = await this.bus.ask(reportUsage, { teamId, member, ...span });
    const { requests, promptTokens, completionTokens, costNanoUsd } = total;
    return { teamId, requests, promptTokens, completionTokens, costNanoUsd };
  }
}

function toTeam({ membership: { role, joinedAt }, team: { id, name } }: Place): PersonalData['teams'][number] {
  return { id, name, role, joinedAt: joinedAt.toISOString() };
}
