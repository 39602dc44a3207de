import type { z } from 'zod';
import type { chatRequest } from './chat-request.ts';

export type ChatRequestInput = z.input<typeof chatRequest>;

/** Writes a translated request; what its caller left out, or set to null, is left out. */
export function toChatBody(request: ChatRequestInput): Buffer {
  const given = Object.entries(request).filter(([, value]) => value !== undefined && value !== null);
  return Buffer.from(JSON.stringify(Object.fromEntries(given)));
}
