import { createHash } from 'node:crypto';
import type { AuditFault, AuditPlace } from '@orgn/contracts';

/** An entry as it is hashed: everything as the text that the database shows for it. */
export interface ChainedEntry {
  seq: number;
  id: string;
  atMicros: string;
  chain: string;
  actorKind: string;
  actorId: string | null;
  action: string;
  objectKind: string;
  objectId: string;
  before: string | null;
  after: string | null;
  client: string | null;
  names: string | null;
  salt: Buffer | null;
  clientDigest: Buffer | null;
  namesDigest: Buffer | null;
  hash: Buffer;
}

export interface FaultAt {
  seq: number;
  entry: string | null;
  what: AuditFault;
}

/** What checking a stretch of a chain came to. */
export interface Checked {
  checked: number;
  reached: AuditPlace;
  fault: FaultAt | null;
}

/** Before the first entry of a chain. */
export const BEGINNING: AuditPlace = { seq: 0, hash: '00'.repeat(32) };

/** Checks entries, in the order of their numbers, as the next ones after a place; stops at the first that is not. */
export function checkEntries(after: AuditPlace, entries: readonly ChainedEntry[]): Checked {
  let reached = after;
  for (const [checked, entry] of entries.entries()) {
    const what = faultOf(reached, entry);
    if (what)
      return {
        checked,
        reached,
        fault: { seq: what === 'missing' ? reached.seq + 1 : entry.seq, entry: entry.id, what },
      };
    reached = { seq: entry.seq, hash: entry.hash.toString('hex') };
  }
  return { checked: entries.length, reached, fault: null };
}

/** Checks that a chain ends where its head says. @param reached the last entry that is there */
export function checkEnd(reached: AuditPlace, head: AuditPlace | null): FaultAt | null {
  const said = head ?? BEGINNING;
  if (said.seq > reached.seq) return { seq: reached.seq + 1, entry: null, what: 'truncated' };
  if (said.seq < reached.seq) return { seq: said.seq + 1, entry: null, what: 'inserted' };
  return said.hash === reached.hash ? null : { seq: reached.seq, entry: null, what: 'head_changed' };
}

function faultOf(previous: AuditPlace, entry: ChainedEntry): AuditFault | null {
  if (entry.seq > previous.seq + 1) return 'missing';
  if (entry.seq < previous.seq + 1) return 'inserted';
  if (!hashOf(previous, entry).equals(entry.hash)) return 'changed';
  return isAsSealed(entry) ? null : 'personal_changed';
}

/** As the database's `audit_hash` does. */
function hashOf({ hash }: AuditPlace, entry: ChainedEntry): Buffer {
  const digest = createHash('sha256').update(hash, 'hex');
  const said = [entry.chain, String(entry.seq), entry.id, entry.atMicros, entry.actorKind, entry.actorId, entry.action];
  const about = [entry.objectKind, entry.objectId, entry.before, entry.after];
  const digests = [entry.clientDigest, entry.namesDigest].map((bytes) => bytes?.toString('hex') ?? null);
  for (const value of ['orgn-audit-1', ...said, ...about, ...digests]) digest.update(part(value));
  return digest.digest();
}

/** What was blanked is as good as what is there and fits its digest; what stands there otherwise was put there later. */
function isAsSealed({ salt, client, clientDigest, names, namesDigest }: ChainedEntry): boolean {
  const fits = (label: string, value: string | null, digest: Buffer | null) =>
    value === null || (salt !== null && digest !== null && digestOf(salt, label, value).equals(digest));
  return fits('client', client, clientDigest) && fits('names', names, namesDigest);
}

function digestOf(salt: Buffer, label: string, value: string): Buffer {
  return createHash('sha256').update(salt).update(part(label)).update(part(value)).digest();
}

/** A text with its length before it, so that no two lists of parts look alike; -1 stands for none. */
function part(value: string | null): Buffer {
  const length = Buffer.alloc(4);
  if (value === null) {
    length.writeInt32BE(-1);
    return length;
  }
  const text = Buffer.from(value);
  length.writeInt32BE(text.length);
  return Buffer.concat([length, text]);
}
