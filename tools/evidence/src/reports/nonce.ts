import { hash } from 'node:crypto';
import type { Fault } from '../faults.ts';

/** The 32 bytes that evidence is made for: those that were asked for, or others under the fault. */
export function nonceUnder(fault: Fault | undefined, nonce: string): Buffer {
  return fault === 'wrong_nonce' ? hash('sha256', `not ${nonce}`, 'buffer') : Buffer.from(nonce, 'hex');
}
