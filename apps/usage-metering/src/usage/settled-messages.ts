import type { PayloadOf, UsageRow, usageSettled } from '@orgn/contracts';

type Settled = PayloadOf<typeof usageSettled>;

/** Well under the bus's payload limit of 1 MiB, in bytes. */
export const MAX_MESSAGE_BYTES = 500_000;

/** Splits what was settled into messages that the bus can carry. Ids go first: publishers wait for them. */
export function toSettledMessages(
  eventIds: readonly string[],
  rows: readonly UsageRow[],
  maxBytes = MAX_MESSAGE_BYTES,
): Settled[] {
  const messages: Settled[] = [];
  let room = 0;
  const messageFor = (item: unknown): Settled => {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    if (size > room || messages.length === 0) {
      messages.push({ eventIds: [], rows: [] });
      room = maxBytes - Buffer.byteLength(JSON.stringify(messages.at(-1)));
    }
    room -= size;
    return messages.at(-1) as Settled;
  };
  for (const id of eventIds) messageFor(id).eventIds.push(id);
  for (const row of rows) messageFor(row).rows.push(row);
  return messages;
}
