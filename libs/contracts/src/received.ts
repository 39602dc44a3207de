import { z } from 'zod';

/** What a gateway says to a router of the caller's body, where it passes on less than that. For receipts, which the router signs. */
export const RECEIVED_HEADER = 'x-orgn-received';

/** What of the body is not passed on: at an offset in it, so many bytes. */
export interface ByteCut {
  at: number;
  length: number;
}

/** The caller's body: its SHA-256 in hex, and what was cut out; null where that is not said. */
export interface ReceivedBody {
  sha256: string;
  cuts: readonly ByteCut[] | null;
}

const MOST_CUTS = 64;
/** The header's value: a digest, and cuts or a question mark. */
export const receivedForm = z
  .string()
  .max(2_048)
  .regex(/^[0-9a-f]{64};(\?|\d{1,9}:\d{1,9}(,\d{1,9}:\d{1,9})*)$/);

export function toReceivedHeader({ sha256, cuts }: ReceivedBody): string {
  const isSaid = cuts !== null && cuts.length <= MOST_CUTS;
  return `${sha256};${isSaid ? cuts.map(({ at, length }) => `${at}:${length}`).join(',') : '?'}`;
}

/** @returns undefined for what no gateway of ours says */
export function readReceivedHeader(value: string): ReceivedBody | undefined {
  if (!receivedForm.safeParse(value).success) return undefined;
  const [sha256 = '', list = ''] = value.split(';');
  if (list === '?') return { sha256, cuts: null };
  const cuts = list.split(',').map((cut) => {
    const [at = 0, length = 0] = cut.split(':').map(Number);
    return { at, length };
  });
  return { sha256, cuts };
}
