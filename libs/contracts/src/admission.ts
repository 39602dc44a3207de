import { z } from 'zod';
import { request } from './contract.ts';

/** Longest ticket that travels with every usage word, in characters. */
const MAX_TICKET = 1_024;

/**
 * The registry's word that a key was presented to it for one request: a kid, what was admitted, and an HMAC over both. Who
 * has no ADMISSION_KEYS carries it as it is; who has them reads it with `libs/service-kit/src/admission`.
 */
export const admissionTicket = z
  .string()
  .max(MAX_TICKET)
  .regex(/^[A-Za-z0-9._-]+$/);

/**
 * The time by which tickets are judged: the database's, in milliseconds since 1970. Routers ask it now and then and go on
 * by a monotonic clock, so that no host's own clock takes part.
 */
export const tellAdmissionTime = request('admission.time', {
  askedBy: ['inference-router'],
  answeredBy: ['key-registry'],
  request: z.object({}),
  reply: z.object({ databaseMs: z.number().int().positive() }),
  errors: [],
  timeoutMs: 2_000,
});
