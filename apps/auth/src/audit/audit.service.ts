import { Injectable } from '@nestjs/common';
import type { auditRoutes, AuditView, ConsoleReplyOf } from '@orgn/console-api';
import type { TeamId, UserId } from '@orgn/contracts';
import type { ConsoleCall } from '../console/console-call.ts';
import { People, type PeopleById } from '../users/people.ts';
import type { AuditEntryEntity } from './audit-entry.entity.ts';
import { AuditRepository, type AuditFilters } from './audit.repository.ts';

type ListCall = ConsoleCall<typeof auditRoutes.list>;

/** Rows of an export that are read at a time. */
const EXPORT_PAGE = 500;

@Injectable()
export class AuditService {
  constructor(
    private readonly entries: AuditRepository,
    private readonly people: People,
  ) {}

  list({ membership, query }: ListCall): Promise<ConsoleReplyOf<typeof auditRoutes.list>> {
    return this.#page(membership.teamId, query);
  }

  /** Everything that the filters match, newest first, as NDJSON: one entry a line, read a page at a time. */
  async *export({ membership, query }: ListCall): AsyncGenerator<string> {
    let cursor = query.cursor;
    do {
      const { data, nextCursor } = await this.#page(membership.teamId, { ...query, cursor, limit: EXPORT_PAGE });
      for (const entry of data) yield `${JSON.stringify(entry)}\n`;
      cursor = nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async #page(teamId: TeamId, filters: AuditFilters): Promise<ConsoleReplyOf<typeof auditRoutes.list>> {
    const rows = await this.entries.list(teamId, filters);
    const shown = rows.slice(0, filters.limit);
    const people = await this.people.byId(shown.map(({ actorId }) => actorId));
    return {
      data: shown.map((row) => toView(row, people)),
      nextCursor: rows.length > shown.length ? (shown.at(-1)?.id ?? null) : null,
    };
  }
}

function toView(row: AuditEntryEntity, people: PeopleById): AuditView {
  const { id, at, actorKind, actorId, action, objectKind, objectId, before, after, client, names } = row;
  return {
    id,
    at: at.toISOString(),
    actor: { kind: actorKind, id: actorId, name: nameOf(actorId, people) ?? names?.actor ?? null },
    action,
    object: { kind: objectKind, id: objectId },
    before: before && { ...before, ...names?.before },
    after: after && { ...after, ...names?.after },
    client,
  };
}

function nameOf(id: UserId | null, people: PeopleById): string | undefined {
  return id === null ? undefined : people.get(id)?.name;
}
