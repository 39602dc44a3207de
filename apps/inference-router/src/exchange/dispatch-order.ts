import { keyId, requestId, ServiceError, teamId } from '@orgn/contracts';
import { z } from 'zod';

/** What a gateway says of a request besides its body, in headers. */
export const orderHeaders = z.object({
  'x-request-id': requestId,
  'x-orgn-team': teamId,
  'x-orgn-key': keyId,
  'x-ollm-raw': z.string().max(256).optional(),
  'content-type': z.string().max(256).default('application/json'),
});

/** One request to execute: who asked, and the caller's exact bytes. */
export interface DispatchOrder {
  requestId: z.output<typeof requestId>;
  teamId: z.output<typeof teamId>;
  keyId: z.output<typeof keyId>;
  /** The caller wants the provider's answer unedited. */
  isRaw: boolean;
  body: Buffer;
  contentType: string;
}

/** @throws ServiceError `invalid_request` for headers that no gateway of ours sends */
export function toOrder(headers: unknown, body: Buffer): DispatchOrder {
  const parsed = orderHeaders.safeParse(headers);
  if (!parsed.success) throw new ServiceError('invalid_request', 'The request lacks the headers of the channel.');
  return {
    requestId: parsed.data['x-request-id'],
    teamId: parsed.data['x-orgn-team'],
    keyId: parsed.data['x-orgn-key'],
    isRaw: parsed.data['x-ollm-raw'] === 'true',
    body,
    contentType: parsed.data['content-type'],
  };
}
