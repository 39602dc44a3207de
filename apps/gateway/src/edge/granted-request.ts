import type { IncomingMessage } from 'node:http';
import type { RequestId } from '@orgn/contracts';

/** A request that came through auth's own door, with a grant in the place of a key. */
export interface GrantedRequest {
  /** SHA-256 of the grant's secret, base64url. */
  digest: string;
  /** The request that it is good for: the id that this one gets. */
  requestId: RequestId;
}

const granted = new WeakMap<IncomingMessage, GrantedRequest>();

/** Notes what a request came with. Nothing that arrives at the API host itself is ever noted. */
export function noteGrant(request: IncomingMessage, grant: GrantedRequest): void {
  granted.set(request, grant);
}

export function grantOf(request: IncomingMessage): GrantedRequest | undefined {
  return granted.get(request);
}
