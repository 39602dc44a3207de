import { z } from 'zod';
import { request } from './contract.ts';

/** What parts the list of models from the rest of a ticket. */
const LIST_MARK = '~';

/**
 * The registry's word that a key was presented to it for one request: a kid, what was admitted, an HMAC over both, and after
 * `~` the models that the key is limited to, if it is. Who has no ADMISSION_KEYS carries it as it is; who has them reads it
 * with `libs/service-kit/src/admission`.
 */
export const admissionTicket = z
  .string()
  .max(40_000)
  .regex(/^[A-Za-z0-9._,-]+(~[a-z0-9_,]+)?$/);

/** A ticket without its list of models: all that metering needs, and of bounded size, since every usage word carries it. */
export const ticketStub = z
  .string()
  .max(1_024)
  .regex(/^[A-Za-z0-9._,-]+$/);

/** @param ticket that `admissionTicket` matches */
export function toTicketStub(ticket: string): string {
  const end = ticket.indexOf(LIST_MARK);
  return end < 0 ? ticket : ticket.slice(0, end);
}

/** The header that takes a ticket from a gateway to a router. */
export const TICKET_HEADER = 'x-orgn-ticket';

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
