import { z } from 'zod';

/** What a gateway answers in place of a receipt that is being made, or was lost. Nobody signed it: it proves nothing. */
const standing = z.object({
  format: z.literal('orgn-receipt-status/1'),
  receipt_id: z.uuid(),
  status: z.enum(['pending', 'unavailable']),
  orgn: z.object({ reason: z.string().max(300) }),
});

const mostCharacters = 4_096;

/** @returns null for anything else */
export function readStanding(text: string): { status: string; reason: string } | null {
  if (text.length > mostCharacters) return null;
  try {
    const { status, orgn } = standing.parse(JSON.parse(text));
    return { status, reason: orgn.reason };
  } catch {
    return null;
  }
}
