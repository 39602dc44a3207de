import {
  HOLD_HEADER,
  readReceivedHeader,
  RECEIVED_HEADER,
  requestId,
  ServiceError,
  TICKET_HEADER,
  type ReceivedBody,
} from '@orgn/contracts';
import { readTeeDemands, REQUIRE_HEADER, type TeeDemands } from '@orgn/dialects';
import { z } from 'zod';
import type { Admitted } from '../admission/admission.gate.ts';

/** What a gateway says of a request besides its body, in listed headers. Whose it is and what it may run says the ticket alone. */
export const orderHeaders = z.object({
  'x-request-id': requestId,
  [TICKET_HEADER]: z.string().max(40_000).optional(),
  [RECEIVED_HEADER]: z.string().max(2_048).optional(),
  'x-ollm-raw': z.string().max(256).optional(),
  [REQUIRE_HEADER]: z.string().max(256).optional(),
  [HOLD_HEADER]: z.string().max(512).optional(),
  'content-type': z.string().max(256).default('application/json'),
});

/** A request as a gateway posts it: the caller's exact bytes, and a ticket that nobody has looked at yet. */
export interface PostedOrder {
  requestId: z.output<typeof requestId>;
  ticket: string | undefined;
  /** The receipt of what is held for it, for whoever settles it; nobody here reads it. */
  hold: string | undefined;
  /** The caller wants the provider's answer unedited. */
  isRaw: boolean;
  /** What the caller demands of the machine, and from the ticket on the team as well. */
  demands: TeeDemands | undefined;
  /** The caller's own bytes, where the gateway passes on less. */
  received: ReceivedBody | undefined;
  /** In pieces. */
  body: readonly Buffer[];
  contentType: string;
}

/** One request to execute: who asked, and the caller's exact bytes. */
export interface DispatchOrder extends Omit<PostedOrder, 'ticket'> {
  admitted: Admitted;
}

/** @throws ServiceError `invalid_request` for headers that no gateway of ours sends */
export function toPosted(headers: unknown, body: readonly Buffer[]): PostedOrder {
  const parsed = orderHeaders.safeParse(headers);
  const demands = readDemands(parsed.data?.[REQUIRE_HEADER]);
  if (!parsed.success || demands === null)
    throw new ServiceError('invalid_request', 'The request lacks the headers of the channel.');
  return {
    requestId: parsed.data['x-request-id'],
    ticket: parsed.data[TICKET_HEADER],
    hold: parsed.data[HOLD_HEADER],
    isRaw: parsed.data['x-ollm-raw'] === 'true',
    demands,
    received: readReceivedHeader(parsed.data[RECEIVED_HEADER] ?? ''),
    body,
    contentType: parsed.data['content-type'],
  };
}

/** @returns null for what is not understood */
function readDemands(value: string | undefined): TeeDemands | undefined | null {
  return value === undefined ? undefined : (readTeeDemands(value) ?? null);
}
