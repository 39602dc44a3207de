import { Injectable } from '@nestjs/common';
import type { AuditChain, AuditHead, AuditPlace, TeamId } from '@orgn/contracts';
import { AuthDatabase } from '../database/auth-database.ts';
import type { ChainedEntry } from './audit-chain.ts';

/** A stretch of a chain and what is said of its ends, as they were at one moment. */
export interface Stretch {
  head: AuditPlace | null;
  /** The last entry that was dropped for its age. */
  cut: AuditPlace | null;
  entries: ChainedEntry[];
}

interface Row extends Omit<ChainedEntry, 'seq'> {
  seq: string;
  headSeq: string | null;
  headHash: string | null;
  cutSeq: string | null;
  cutHash: string | null;
}

const ENTRY = `
  e.seq, e.id, (extract(epoch FROM e.at) * 1000000)::bigint::text AS "atMicros", coalesce(e.team_id, 'people') AS chain,
  e.actor_kind AS "actorKind", e.actor_id AS "actorId", e.action, e.object_kind AS "objectKind", e.object_id AS "objectId",
  e.before::text AS before, e.after::text AS after, e.client::text AS client, e.names::text AS names,
  e.salt, e.client_digest AS "clientDigest", e.names_digest AS "namesDigest", e.hash`;

/** One statement, so that entries and head are of one moment, whoever writes meanwhile. */
const stretch = (condition: string) => `
  SELECT h.seq AS "headSeq", encode(h.hash, 'hex') AS "headHash", c.seq AS "cutSeq", encode(c.hash, 'hex') AS "cutHash", found.*
  FROM (SELECT 1) AS once
    LEFT JOIN audit_heads h ON h.chain = $1
    LEFT JOIN LATERAL (SELECT * FROM audit_cuts WHERE chain = $1 ORDER BY seq DESC LIMIT 1) c ON true
    LEFT JOIN LATERAL (
      SELECT ${ENTRY} FROM audit_entries e WHERE ${condition} AND e.seq > $2 ORDER BY e.seq, e.id LIMIT $3
    ) found ON true
  ORDER BY found.seq, found.id`;

/** Whose entries a chain's are: an index serves both. The name of the chain is a parameter of both. */
const ofChain = (chain: AuditChain) =>
  chain === 'people' ? "($1 = 'people' AND e.team_id IS NULL)" : 'e.team_id = $1';

/**
 * Chains by name: those that have a head, and those that have entries without one, which only somebody else can have made. The
 * latter are found by a jump from team to team along an index: entries are many more than teams.
 */
const HEADS = `
  WITH RECURSIVE teams(id, place) AS (
    (SELECT e.team_id, 1 FROM audit_entries e WHERE e.team_id > coalesce($2, '') AND $1::text IS NULL ORDER BY e.team_id LIMIT 1)
    UNION ALL
    SELECT (SELECT e.team_id FROM audit_entries e WHERE e.team_id > t.id ORDER BY e.team_id LIMIT 1), t.place + 1
    FROM teams t WHERE t.id IS NOT NULL AND t.place <= $3),
  named AS (
    SELECT id AS chain FROM teams WHERE id IS NOT NULL
    UNION SELECT 'people' WHERE EXISTS (SELECT FROM audit_entries WHERE team_id IS NULL)
    UNION SELECT $1 WHERE EXISTS (SELECT FROM audit_entries WHERE team_id = $1)
    UNION (SELECT chain FROM audit_heads WHERE ($1::text IS NULL OR chain = $1) AND chain > coalesce($2, '') ORDER BY chain LIMIT $3))
  SELECT chain, coalesce(h.seq, 0)::text AS seq, coalesce(encode(h.hash, 'hex'), repeat('0', 64)) AS hash, h.at
  FROM named LEFT JOIN audit_heads h USING (chain)
  WHERE ($1::text IS NULL OR chain = $1) AND chain > coalesce($2, '') ORDER BY chain LIMIT $3`;

const MOVED = `
  SELECT chain, seq::text AS seq, encode(hash, 'hex') AS hash, at FROM audit_heads WHERE at > $1 ORDER BY at`;

const hashAt = (condition: string) =>
  `SELECT encode(e.hash, 'hex') AS hash FROM audit_entries e WHERE ${condition} AND e.seq = $2`;

/** Below every number that anybody could have given an entry. */
const BELOW_ALL = '-9223372036854775808';

type HeadRow = Omit<AuditHead, 'seq' | 'at'> & { seq: string; at: Date | null };

/** The chains of the audit log: what the database says of them, for whoever checks it. */
@Injectable()
export class AuditChainsRepository {
  constructor(private readonly database: AuthDatabase) {}

  /** Entries of a chain after a number; null: all that say they belong to it. */
  async stretch(chain: AuditChain, afterSeq: number | null, limit: number): Promise<Stretch> {
    const values = [chain, afterSeq ?? BELOW_ALL, limit];
    const rows = await this.database.query((manager) => manager.query<Row[]>(stretch(ofChain(chain)), values));
    const [first] = rows;
    return {
      head: toPlace(first?.headSeq, first?.headHash),
      cut: toPlace(first?.cutSeq, first?.cutHash),
      entries: rows
        .filter((row) => (row.id as string | null) !== null)
        .map((row) => ({ ...row, seq: Number(row.seq) })),
    };
  }

  /** Heads by the name of their chain, one more than `limit` when there are more. */
  async heads(of: { teamId: TeamId | null; cursor: AuditChain | null; limit: number }): Promise<AuditHead[]> {
    const values = [of.teamId, of.cursor, of.limit + 1];
    return (await this.database.query((manager) => manager.query<HeadRow[]>(HEADS, values))).map(toHead);
  }

  /** Heads of chains that have grown since. */
  async moved(since: Date): Promise<AuditHead[]> {
    return (await this.database.query((manager) => manager.query<HeadRow[]>(MOVED, [since]))).map(toHead);
  }

  /** The hash of an entry by its number; null: there is no such entry, or no longer. */
  async hashAt(chain: AuditChain, seq: number): Promise<string | null> {
    const text = hashAt(ofChain(chain));
    const [row] = await this.database.query((manager) => manager.query<{ hash: string }[]>(text, [chain, seq]));
    return row?.hash ?? null;
  }

  /** Whether an entry was dropped for its age. */
  async isCut(chain: AuditChain, seq: number): Promise<boolean> {
    const text = 'SELECT 1 FROM audit_cuts WHERE chain = $1 AND seq >= $2 LIMIT 1';
    return (await this.database.query((manager) => manager.query<unknown[]>(text, [chain, seq]))).length > 0;
  }

  /** Makes the months that are missing and answers how many those were. */
  async makeMonths(): Promise<number> {
    const [row] = await this.database.query((manager) =>
      manager.query<[{ made: number }]>('SELECT make_audit_months() AS made'),
    );
    return row.made;
  }
}

function toPlace(seq: string | null | undefined, hash: string | null | undefined): AuditPlace | null {
  return seq && hash ? { seq: Number(seq), hash } : null;
}

function toHead({ seq, at, ...head }: HeadRow): AuditHead {
  return { ...head, seq: Number(seq), at: at?.toISOString() ?? null };
}
