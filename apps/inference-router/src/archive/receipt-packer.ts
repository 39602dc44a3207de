import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { canonicalJson } from '@orgn/attestation';
import { ArchiveDatabase, type Ask } from './archive-database.ts';
import { digestsIn } from './content.ts';
import { LOCK_PACKING, MOVE, PACKABLE, TAKE } from './blocks.sql.ts';
import { ContentsRepository } from './contents.repository.ts';
import { chatNumber, SPAN_MS, timeIn } from './receipt-blocks.ts';
import { packBlock, type LoggedReceipt, type SessionPart, type SessionTexts } from './receipt-block.ts';
import { unpressedText } from './receipt-body.ts';

/** Which receipts are packed. */
export interface Packing {
  /** Receipts are new, and asked for, for this long: in seconds. */
  readonly newSeconds: number;
  /** A team's are packed when there are so many. */
  readonly least: number;
  /** Or when the first one is this old: in seconds. */
  readonly mostSeconds: number;
}

export const usualPacking: Packing = { newSeconds: 600, least: 128, mostSeconds: 6 * 3_600 };

/** In one block: read as a whole for one of them, which takes a few milliseconds. */
const MOST_IN_BLOCK = 256;
const AT_ONCE = 4 * MOST_IN_BLOCK;
const EVERY_MS = 60_000;
/**
 * Nothing is packed before a router has run for so long: routers of a release before, which do not find what is packed, are gone
 * by then.
 */
const FIRST_MS = 30 * 60_000;

interface Row {
  id: string;
  evidence: Buffer;
  body: Buffer;
  dictionary: Buffer | null;
  chatId: string | null;
  madeAt: Date;
  place: number;
}

interface Taken extends LoggedReceipt {
  readonly chatId: string | null;
  readonly madeAt: Date;
}

/** Moves receipts from rows of their own into blocks, once they are in the log. Of several routers one does. */
@Injectable()
export class ReceiptPacker implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;

  constructor(
    private readonly database: ArchiveDatabase,
    private readonly contents: ContentsRepository,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.database.isConfigured) return;
    const begin = () => (this.#timer = setInterval(() => void this.#turn(), EVERY_MS).unref());
    this.#timer = setTimeout(begin, FIRST_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** @throws ServiceError `service_unavailable` */
  async pack(packing: Packing = usualPacking): Promise<void> {
    const { newSeconds, least, mostSeconds } = packing;
    const teams = await this.database.query<{ id: string }>(PACKABLE, [newSeconds, least, mostSeconds]);
    for (const { id } of teams) {
      let moved;
      do moved = await this.database.transaction((ask) => this.#packSome(ask, id, newSeconds));
      while (moved === AT_ONCE);
    }
  }

  /** @returns how many were moved; 0 where another router does it */
  async #packSome(ask: Ask, teamId: string, newSeconds: number): Promise<number> {
    const [lock] = await ask<{ taken: boolean }>(LOCK_PACKING, []);
    if (!lock?.taken) return 0;
    const rows = await ask<Row>(TAKE, [teamId, newSeconds, AT_ONCE]);
    const names = new Set(rows.flatMap(({ dictionary }) => dictionary?.toString('hex') ?? []));
    const dictionaries = await this.contents.read([...names], ask);
    const sessions = new Map([...dictionaries].map(([name, text]) => [name, { text, session: textsOf(text) }]));
    const taken = await Promise.all(rows.map((row) => takenOf(row, sessions)));
    for (const block of blocksOf(taken)) await move(ask, teamId, block);
    return rows.length;
  }

  async #turn(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      await this.pack();
    } catch (error) {
      this.log.warn('receipts not packed, will retry', {}, error);
    } finally {
      this.#isBusy = false;
    }
  }
}

interface Dictionary {
  readonly text: string;
  readonly session: SessionTexts | null;
}

async function takenOf(row: Row, dictionaries: ReadonlyMap<string, Dictionary>): Promise<Taken> {
  const dictionary = row.dictionary && dictionaries.get(row.dictionary.toString('hex'));
  const text = await unpressedText(row.body, dictionary?.text ?? null);
  const evidence = digestsIn(row.evidence).map((digest) => digest.toString('hex'));
  const { id: requestId, chatId, place, madeAt } = row;
  return { requestId, chatId, text, evidence, session: dictionary?.session ?? null, place, madeAt };
}

function textsOf(dictionary: string): SessionTexts | null {
  const { policy, session } = JSON.parse(dictionary) as SessionPart;
  return session && { policy: canonicalJson(policy), session: canonicalJson(session), evidence: session.evidence };
}

/** Parts of what was taken, in its order: none is too large, or spans too long a time. */
function blocksOf(taken: readonly Taken[]): Taken[][] {
  const blocks: Taken[][] = [];
  for (const one of taken) {
    const block = blocks.at(-1);
    const first = block?.[0];
    const fits = first && timeIn(one.requestId) - timeIn(first.requestId) < SPAN_MS;
    if (block && fits && block.length < MOST_IN_BLOCK) block.push(one);
    else blocks.push([one]);
  }
  return blocks;
}

async function move(ask: Ask, teamId: string, block: readonly Taken[]): Promise<void> {
  const ids = block.map(({ requestId }) => requestId);
  const chats = block.flatMap(({ chatId }) => (chatId === null ? [] : [chatNumber(chatId)]));
  const youngest = new Date(Math.max(...block.map(({ madeAt }) => madeAt.getTime())));
  await ask(MOVE, [ids, teamId, chats, await packBlock(block), youngest]);
}
