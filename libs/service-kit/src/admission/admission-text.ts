import type { ExecutionPolicy, KeyId, RequestId, TeamId, UsageSource, UserId } from '@orgn/contracts';
import type { Admission } from './admission.ts';
import { fromLimitsText, toLimitsText } from './limits-text.ts';

/** The form of what is written here, which says what was presented; another one gets another letter, so that none is taken for the other. */
const FORMS = { api: 'a', playground: 'p' } as const satisfies Record<UsageSource, string>;
const NONE = '-';
/** No value has a dot, so that nothing can be read into its neighbour. */
const TEXT = /^[a-z0-9_-]{1,32}(\.[A-Za-z0-9_,-]+){12}$/;

/**
 * Everything that a ticket proves, as one text.
 * @param listDigest of the models that the key is limited to; null: it is not
 * @throws RangeError when a value is not of its form: nothing may be signed that could be read in two ways
 */
export function toText(kid: string, admission: Admission, listDigest: string | null): string {
  const { requestId, keyId, teamId, ownerId, lineageId, admittedAtMs, executionPolicy } = admission;
  const who = [requestId, keyId, teamId, ownerId ?? NONE, lineageId === keyId ? NONE : lineageId];
  const limits = [toLimitsText(admission) || NONE, admission.rpm ?? NONE, admission.tpm ?? NONE];
  const text = [
    kid,
    FORMS[admission.source],
    ...who,
    admittedAtMs,
    executionPolicy,
    ...limits,
    listDigest ?? NONE,
  ].join('.');
  if (!TEXT.test(text)) throw new RangeError('a ticket cannot be written of these values');
  return text;
}

/** The values of a text that was signed here; undefined when it is of another form. */
export function fromText(parts: readonly string[]): { admission: Admission; listDigest: string | null } | undefined {
  const [, form, requestId, keyId, teamId, ownerId, lineageId, at, policy, limits, rpm, tpm, list] = parts as string[];
  const source = form === FORMS.playground ? 'playground' : 'api';
  if (parts.length !== 13 || form !== FORMS[source]) return undefined;
  const admission: Admission = {
    requestId: requestId as RequestId,
    keyId: keyId as KeyId,
    teamId: teamId as TeamId,
    ownerId: orNull(ownerId) as UserId | null,
    lineageId: (orNull(lineageId) ?? keyId) as KeyId,
    source,
    admittedAtMs: Number(at),
    executionPolicy: policy as ExecutionPolicy,
    ...fromLimitsText(orNull(limits) ?? ''),
    rpm: toLimit(rpm),
    tpm: toLimit(tpm),
  };
  return { admission, listDigest: orNull(list) };
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === NONE ? null : text;
}

function toLimit(text: string | undefined): number | null {
  return text === undefined || text === NONE ? null : Number(text);
}
