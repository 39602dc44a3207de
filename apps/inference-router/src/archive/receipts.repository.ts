import { Injectable } from '@nestjs/common';
import { nodeCrypto } from '@orgn/attestation/node';
import type { RequestId, TeamId } from '@orgn/contracts';
import { leafOf, type Receipt } from '@orgn/receipts';
import { ArchiveDatabase } from './archive-database.ts';
import { ReceiptBlocks } from './receipt-blocks.ts';
import { digestsIn, unpack, type Content } from './content.ts';
import { ContentsRepository, type NamedEvidence } from './contents.repository.ts';
import { dictionaryOf, pressed, unpressed } from './receipt-body.ts';
import { FIND_BY_CHAT, FIND_BY_REQUEST, KEEP_RECEIPTS } from './receipts.sql.ts';

/** A receipt that is to be kept. */
export interface NewReceipt {
  readonly teamId: TeamId;
  readonly receipt: Receipt;
  readonly evidence: readonly NamedEvidence[];
}

/** One that is kept. */
export interface KeptReceipt {
  readonly receipt: Receipt;
  /** Digests of its evidence, 32 bytes each. */
  readonly evidence: readonly Buffer[];
  /** In the log; null while it is not there yet. */
  readonly place: number | null;
}

interface Row {
  evidence: Buffer;
  body: Buffer;
  dictionary: Buffer | null;
  place: number | null;
}

/** Receipts: each a row of its own at first, later in blocks. */
@Injectable()
export class ReceiptsRepository {
  constructor(
    private readonly database: ArchiveDatabase,
    private readonly contents: ContentsRepository,
    private readonly blocks: ReceiptBlocks,
  ) {}

  get isConfigured(): boolean {
    return this.database.isConfigured;
  }

  /** Keeps all of them with what they rest on, or none. @throws ServiceError `service_unavailable` */
  async keep(receipts: readonly NewReceipt[]): Promise<void> {
    const dictionaries = receipts.map(({ receipt }) => dictionaryOf(receipt)).filter((one) => one !== null);
    const offer = await this.contents.offer(
      dictionaries,
      receipts.flatMap(({ evidence }) => evidence),
    );
    const rows = await Promise.all(receipts.map(toRow));
    const columns = COLUMNS.map((column) => rows.map((row) => row[column]));
    await this.database.transaction(async (ask) => {
      await offer.keep(ask);
      await ask(KEEP_RECEIPTS, columns);
    });
    offer.wasKept();
  }

  /** @throws ServiceError `service_unavailable` */
  async find(teamId: TeamId, requestId: RequestId): Promise<KeptReceipt | undefined> {
    // In this order: meanwhile it may move from its row into a block, and never back.
    const [row] = await this.database.query<Row>(FIND_BY_REQUEST, [teamId, requestId]);
    return row ? toKept(row) : this.blocks.find(teamId, requestId);
  }

  /** @param digests 32 bytes each @throws ServiceError `service_unavailable`; Error where something of it is not there */
  readEvidence(digests: readonly Buffer[]): Promise<NamedEvidence[]> {
    return this.contents.readEvidence(digests);
  }

  /** @param model null: whichever answered last @throws ServiceError `service_unavailable` */
  async findByChat(teamId: TeamId, chatId: string, model: string | null): Promise<KeptReceipt | undefined> {
    const [row] = await this.database.query<Row>(FIND_BY_CHAT, [teamId, chatId, model]);
    return row ? toKept(row) : this.blocks.findByChat(teamId, chatId, model);
  }
}

const COLUMNS = ['id', 'teamId', 'chatId', 'provider', 'model', 'dictionary', 'evidence', 'body', 'leaf'] as const;

async function toRow({ teamId, receipt, evidence }: NewReceipt) {
  const dictionary: Content | null = dictionaryOf(receipt);
  const digests = evidence.map(({ digest }) => Buffer.from(digest.slice('sha256:'.length), 'hex'));
  return {
    ...{ id: receipt.receipt_id, teamId, chatId: receipt.chat_id, model: receipt.model },
    provider: receipt.orgn.provider,
    dictionary: dictionary?.digest ?? null,
    evidence: Buffer.concat(digests),
    body: await pressed(receipt, dictionary),
    leaf: Buffer.from(leafOf(receipt, nodeCrypto)),
  };
}

async function toKept({ evidence, body, dictionary, place }: Row): Promise<KeptReceipt> {
  const receipt = await unpressed(body, dictionary && (await unpack(dictionary)));
  return { receipt, evidence: digestsIn(evidence), place };
}
