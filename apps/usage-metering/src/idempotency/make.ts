import { createHash } from 'node:crypto';
import { teamId, requestId, type beginIdempotent, type RequestOf } from '@orgn/contracts';
import { makeRequestId } from '../usage/make.ts';

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A new request under an idempotency key. */
export function makeBegin(
  parts: { key?: string; body?: string; team?: string } = {},
): RequestOf<typeof beginIdempotent> {
  const { key = 'key', body = 'body', team = 'team_acme' } = parts;
  return {
    teamId: teamId.parse(team),
    keyDigest: digestOf(key),
    bodyDigest: digestOf(body),
    requestId: requestId.parse(makeRequestId()),
  };
}
