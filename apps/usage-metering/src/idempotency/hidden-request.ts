import { createHash, createHmac } from 'node:crypto';
import type { TeamId } from '@orgn/contracts';

/** What identifies a repeated request, in digests. */
export interface DigestedRequest {
  teamId: TeamId;
  /** SHA-256, base64url. */
  keyDigest: string;
  /** SHA-256, base64url. */
  bodyDigest: string;
}

/** A request as it is looked for and stored: HMACs under each secret, in the order of the secrets. */
export interface HiddenRequest {
  /** Equal for equal keys of a team, whatever the secrets; too short to confirm a guess. */
  turn: number;
  keyHmacs: Buffer[];
  bodyHmacs: Buffer[];
}

/** Hides a request under secrets: without them, nobody can confirm what a key or a body was. */
export function hideRequest(request: DigestedRequest, secrets: readonly Buffer[]): HiddenRequest {
  const { teamId, keyDigest, bodyDigest } = request;
  const under = (what: string, digest: string) => (secret: Buffer) =>
    createHmac('sha256', secret).update(`${what}\n${teamId}\n${digest}`).digest();
  return {
    turn: createHash('sha256').update(`${teamId}\n${keyDigest}`).digest().readInt32BE(),
    keyHmacs: secrets.map(under('key', keyDigest)),
    bodyHmacs: secrets.map(under('body', bodyDigest)),
  };
}
