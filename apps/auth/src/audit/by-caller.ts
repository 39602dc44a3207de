import type { ClientContext } from '@orgn/contracts';
import type { SignedIn } from '../console/console-call.ts';
import type { AuditEntry } from './audit-log.ts';

/** Who did something through the console, and from where, as an audit entry says it. */
export function byCaller(call: { caller: SignedIn; client: ClientContext }): Pick<AuditEntry, 'actor' | 'client'> {
  return { actor: { kind: 'user', id: call.caller.userId }, client: call.client };
}

/** An operator: the log adds the name that the bus has proven, and where their command ran. */
export const BY_OPERATOR = { actor: { kind: 'operator' }, client: null } as const satisfies Partial<AuditEntry>;
