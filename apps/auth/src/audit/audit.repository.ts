import { Injectable } from '@nestjs/common';
import type { auditRoutes, QueryOf } from '@orgn/console-api';
import type { TeamId } from '@orgn/contracts';
import { currentOperator } from '@orgn/service-kit';
import type { EntityManager, SelectQueryBuilder } from 'typeorm';
import { AuthDatabase } from '../database/auth-database.ts';
import { AuditEntryEntity } from './audit-entry.entity.ts';
import { AuditLog, type AuditEntry, type Once } from './audit-log.ts';

export type AuditFilters = Omit<QueryOf<typeof auditRoutes.list>, 'format'>;

/** The only way in: it sets id, number and time, and chains the entry to the one before it. */
const RECORD = 'SELECT record_audit_entry($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)';

/** Who writes an entry once waits for whoever does so of the same object. */
const ALONE = 'SELECT pg_advisory_xact_lock(7214311, hashtext($1))';
const IS_RECORDED = `
  SELECT EXISTS (SELECT FROM audit_entries WHERE object_id = $1 AND action = $2
    AND (after ->> $3 = $4 OR after ->> $3 IS NULL AND after @> $5::jsonb)) AS "isRecorded"`;

/** The table audit_entries. */
@Injectable()
export class AuditRepository extends AuditLog {
  constructor(private readonly database: AuthDatabase) {
    super();
  }

  async record(entry: AuditEntry, manager?: EntityManager): Promise<void> {
    const { teamId, actor, action, object, before = null, after = null } = entry;
    const operator = actor.kind === 'operator' ? currentOperator() : undefined;
    const client = operator ? { address: operator.address, userAgent: 'cli' } : entry.client;
    const json = (value: object | null) => value && JSON.stringify(value);
    const values = [
      ...[teamId, actor.kind, 'id' in actor ? actor.id : null, operator?.name ?? null, action, object.kind, object.id],
      ...[before, after, client].map(json),
    ];
    await this.database.query((own) => (manager ?? own).query(RECORD, values));
  }

  recordOnce(entry: AuditEntry, { field, value, formerly }: Once): Promise<void> {
    const { action, object } = entry;
    return this.database.transaction(() =>
      this.database.query(async (manager) => {
        await manager.query(ALONE, [object.id]);
        const values = [object.id, action, field, value, formerly ? JSON.stringify(formerly) : null];
        const [{ isRecorded }] = await manager.query<[{ isRecorded: boolean }]>(IS_RECORDED, values);
        if (!isRecorded) await this.record(entry, manager);
      }),
    );
  }

  /** The last of these actions that was recorded on an object; null: none of them. */
  async lastOf(objectId: string, actions: readonly string[]): Promise<string | null> {
    const last = await this.database.query((manager) =>
      manager
        .createQueryBuilder(AuditEntryEntity, 'entry')
        .where('entry.objectId = :objectId AND entry.action IN (:...actions)', { objectId, actions })
        .orderBy('entry.id', 'DESC')
        .limit(1)
        .getOne(),
    );
    return last?.action ?? null;
  }

  /** The last value of each field that these actions on an object have recorded. */
  async lastValues(objectId: string, actions: readonly string[]): Promise<Record<string, unknown>> {
    const entries = await this.database.query((manager) =>
      manager
        .createQueryBuilder(AuditEntryEntity, 'entry')
        .where('entry.objectId = :objectId AND entry.action IN (:...actions)', { objectId, actions })
        .orderBy('entry.id')
        .getMany(),
    );
    return Object.assign({}, ...entries.map(({ after }) => after)) as Record<string, unknown>;
  }

  /** A team's entries, newest first, one more than `limit` when there are more. */
  list(teamId: TeamId, filters: AuditFilters): Promise<AuditEntryEntity[]> {
    return this.database.query((manager) =>
      narrow(manager.createQueryBuilder(AuditEntryEntity, 'entry').where({ teamId }), filters)
        .orderBy('entry.id', 'DESC')
        .limit(filters.limit + 1)
        .getMany(),
    );
  }
}

function narrow(
  query: SelectQueryBuilder<AuditEntryEntity>,
  { actor, action, object, since, until, cursor }: AuditFilters,
): SelectQueryBuilder<AuditEntryEntity> {
  const conditions: [string, string, string | Date | undefined][] = [
    [actor?.startsWith('user_') ? 'entry.actorId = :actor' : 'entry.actorKind = :actor', 'actor', actor],
    ['entry.action = :action', 'action', action],
    ['entry.objectId = :object', 'object', object],
    ['entry.at >= :since', 'since', since && new Date(since)],
    ['entry.at < :until', 'until', until && new Date(until)],
    ['entry.id < :cursor', 'cursor', cursor],
  ];
  for (const [condition, name, value] of conditions) if (value) query.andWhere(condition, { [name]: value });
  return query;
}
