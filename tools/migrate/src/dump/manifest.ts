import { z } from 'zod';

/** What this release writes, and the newest that it reads. */
export const FORMAT = 1;
export const MANIFEST = 'manifest.json';

/** A name as this product gives them to schemas, tables, columns and the like: it needs no quotes, and gets them all the same. */
const name = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/);
const count = z.number().int().nonnegative();
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** Content in the dump: a gzip stream in numbered pieces, `<name>.000001` and so on. */
export const part = z.object({
  name: z.string().regex(/^[a-z0-9_./-]{1,90}$/),
  pieces: count.max(999_999),
  /** Of what is compressed. */
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export const dumpedTable = z.object({
  name,
  columns: z.array(z.object({ name, type: z.string().max(128) })).max(256),
  /** Of a partitioned table: its parts and their bounds, in hex as ids are written. The default partition has none. */
  partitions: z.array(z.object({ name, from: uuid, to: uuid })).max(10_000),
  rows: count,
  /** Its rows in PostgreSQL's text format for COPY. */
  data: part,
});

export const dumpedSchema = z.object({
  name,
  /** In the order in which they ran. */
  migrations: z.array(z.object({ name, timestamp: count })).max(10_000),
  sequences: z.array(z.object({ name, lastValue: z.string().regex(/^-?\d{1,19}$/), isCalled: z.boolean() })).max(1_000),
  tables: z.array(dumpedTable).max(1_000),
});

/** Keys that were stored under a pepper, and what tells whether a deployment has that pepper. */
export const pepperProof = z.object({
  kid: z.string().regex(/^[a-z0-9_-]{1,32}$/),
  keys: count,
  /** One of these keys: its id and its digest as it is stored, in hex. */
  sample: z.object({ keyId: z.string().max(64), digest: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** Null where the backup was made without that pepper. See peppers/pepper-proof.ts. */
  proof: z.string().max(64).nullable(),
});

/** Usage words that NATS held when the snapshot was taken, and that were not settled yet. */
export const dumpedWords = z.object({
  words: count,
  /** JSON lines. */
  data: part,
});

export const manifest = z.object({
  format: z.literal(FORMAT),
  /** Random; what is proven about this dump holds for no other. */
  id: z.uuid(),
  product: z.literal('orgn-gateway'),
  release: z.string().max(64),
  /** By the database's clock. */
  takenAt: z.iso.datetime().max(64),
  postgres: z.string().max(64),
  schemas: z.array(dumpedSchema).max(100),
  peppers: z.array(pepperProof).max(1_000),
  /** The end of each chain of the audit log, and how many there are. */
  auditHeads: z.object({ chains: count, sha256: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
  /** Null: NATS could not be asked. */
  usage: dumpedWords.nullable(),
});

export type Manifest = z.output<typeof manifest>;
export type Part = z.output<typeof part>;
export type DumpedSchema = z.output<typeof dumpedSchema>;
export type DumpedTable = z.output<typeof dumpedTable>;
export type PepperProof = z.output<typeof pepperProof>;

/** All that is asked of a manifest of whatever release, to say which one is needed. */
export const anyManifest = z.object({ format: z.number().int(), release: z.string().max(64).optional() });
