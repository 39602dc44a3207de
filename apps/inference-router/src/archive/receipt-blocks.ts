import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RequestId, TeamId } from '@orgn/contracts';
import type { Receipt } from '@orgn/receipts';
import { ArchiveDatabase } from './archive-database.ts';
import { BLOCKS_BY_CHAT, BLOCKS_BY_REQUEST } from './blocks.sql.ts';
import { ContentsRepository } from './contents.repository.ts';
import { unpackBlock, type BlockEntry, type IsWanted, type SessionPart } from './receipt-block.ts';

/** The time that ids of one block span: those that hold an id end within it. Evidence is kept for a day longer than receipts. */
export const SPAN_MS = 12 * 3_600_000;

/** A receipt out of a block, with what it rests on. */
interface Packed {
  readonly receipt: Receipt;
  readonly evidence: readonly Buffer[];
  readonly place: number;
}

/** Finds receipts in blocks. */
@Injectable()
export class ReceiptBlocks {
  constructor(
    private readonly database: ArchiveDatabase,
    private readonly contents: ContentsRepository,
  ) {}

  /** @throws ServiceError `service_unavailable` */
  async find(teamId: TeamId, requestId: RequestId): Promise<Packed | undefined> {
    const values = [teamId, requestId, laterId(requestId, SPAN_MS)];
    const [found] = await this.#entries({ text: BLOCKS_BY_REQUEST, values }, (id) => id === requestId);
    return found && this.#complete(found);
  }

  /** @param model null: whichever answered last @throws ServiceError `service_unavailable` */
  async findByChat(teamId: TeamId, chatId: string, model: string | null): Promise<Packed | undefined> {
    const asked = { text: BLOCKS_BY_CHAT, values: [teamId, chatNumber(chatId)] };
    const entries = await this.#entries(asked, (_id, text) => text.includes(chatId));
    const all = entries.filter(({ chat }) => chat.id === chatId && (model === null || chat.model === model));
    const [youngest] = all.toSorted((a, b) => (a.requestId < b.requestId ? 1 : -1));
    return youngest && this.#complete(youngest);
  }

  async #entries({ text, values }: { text: string; values: unknown[] }, isWanted: IsWanted): Promise<BlockEntry[]> {
    const rows = await this.database.query<{ body: Buffer }>(text, values);
    return (await Promise.all(rows.map(({ body }) => unpackBlock(body, isWanted)))).flat();
  }

  async #complete(entry: BlockEntry): Promise<Packed> {
    const { evidence, place, session } = entry;
    const record = session === null ? null : ((await this.contents.findRecord(session)) ?? gone(session));
    const part = record === null ? null : sessionPartOf(record);
    return { receipt: entry.complete(part), evidence: evidence.map((name) => Buffer.from(name, 'hex')), place };
  }
}

function sessionPartOf(record: string): SessionPart {
  const { policy, session } = JSON.parse(record) as SessionPart;
  return { policy, session };
}

/** What a chat id is looked for by: 32 bits. */
export const chatNumber = (chatId: string): number => createHash('sha256').update(chatId).digest().readInt32BE(0);

/** The time that an id of version 7 begins with, in milliseconds. */
export const timeIn = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);

const LAST_TIME = 2 ** 48 - 1;

/** The last id of the moment that is so much later. */
function laterId(id: string, ms: number): string {
  const time = Math.min(timeIn(id) + ms, LAST_TIME)
    .toString(16)
    .padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-ffff-ffff-ffffffffffff`;
}

function gone(session: string): never {
  throw new Error(`a receipt names the session ${session}, which is not kept`);
}
