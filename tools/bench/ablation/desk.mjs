import { createHash } from 'node:crypto';
import { verifyKey } from '@orgn/contracts';
import { built } from './built.mjs';

const { newRequestId } = await built('gateway', 'edge/request-id');

/** Asks the registry about each request, as a gateway does. */
export function openDesk(bus) {
  return {
    /** @returns {Promise<object>} what a router is told of the request @throws ServiceError when the key is refused */
    async admit(authorization = '') {
      const digest = createHash('sha256').update(authorization.replace('Bearer ', '')).digest('base64url');
      const requestId = newRequestId();
      const client = { userAgent: 'unknown', network: '127.0.0.0/24' };
      const { ticket } = await bus.ask(verifyKey, { digest, requestId, client });
      return { 'x-request-id': requestId, 'x-orgn-ticket': ticket };
    },
  };
}
