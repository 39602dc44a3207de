import { createHash } from 'node:crypto';

/** What makes a repetition the same request. */
export interface RepeatableRequest {
  path: string;
  contentType: string;
  body: Buffer;
}

export function textDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/**
 * SHA-256 of a request. A form is digested without its boundary, which clients draw anew each time that they send it.
 */
export function requestDigest({ path, contentType, body }: RepeatableRequest): string {
  const hash = createHash('sha256').update(`POST ${path}\n`);
  for (const piece of piecesOf(body, boundaryOf(contentType))) hash.update(`${piece.length}\n`).update(piece);
  return hash.digest('base64url');
}

function boundaryOf(contentType: string): string | undefined {
  return /^multipart\/form-data\s*;.*boundary="?([^";]+)/i.exec(contentType)?.[1];
}

function piecesOf(body: Buffer, boundary: string | undefined): Buffer[] {
  if (boundary === undefined) return [body];
  const pieces: Buffer[] = [];
  let start = 0;
  for (let at = body.indexOf(boundary); at >= 0; at = body.indexOf(boundary, start)) {
    pieces.push(body.subarray(start, at));
    start = at + boundary.length;
  }
  return [...pieces, body.subarray(start)];
}
