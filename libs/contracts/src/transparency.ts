import { z } from 'zod';
import { request } from './contract.ts';

/** Asked of any router: the signed head of the log of receipts, as C2SP's tlog-checkpoint writes it. */
export const readCheckpoint = request('checkpoints.read', {
  askedBy: ['gateway', 'auth'],
  answeredBy: ['inference-router'],
  request: z.object({}),
  reply: z.object({
    /** Null before the log's first minute, and where there is none. */
    checkpoint: z.string().max(4_096).nullable(),
    /** Entries under that head. */
    size: z.int().min(0),
  }),
  errors: [],
  timeoutMs: 4_000,
});

/** Asked of any router: hashes of the log's tree, or its entries, as C2SP's tlog-tiles cuts them. */
export const readTile = request('tiles.read', {
  askedBy: ['gateway'],
  answeredBy: ['inference-router'],
  request: z.object({
    level: z.int().min(0).max(7),
    number: z.int().min(0),
    width: z.int().min(1).max(256),
    isOfEntries: z.boolean(),
  }),
  reply: z.object({
    /** In base64, 32 bytes each; null where the log has no such tile. */
    hashes: z
      .string()
      .max(16 * 1024)
      .nullable(),
  }),
  errors: [],
  timeoutMs: 4_000,
});
