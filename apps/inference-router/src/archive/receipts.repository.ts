import { Injectable } from '@nestjs/common';
import type { SessionEvidence } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import type { RequestId, TeamId } from '@orgn/contracts';
import { leafOf, type Receipt } from '@orgn/receipts';
import { ArchiveDatabase, type Ask } from './archive-database.ts';
import { digestOfName, namedContent, pack, unpack, type Content } from './content.ts';
import { fromParts, partsNamed, toParts } from './evidence-parts.ts';
import { dictionaryOf, pressed, sessionName, unpressed } from './receipt-body.ts';
import {
  FIND_BY_CHAT,
  FIND_BY_REQUEST,
  HAS_CONTENT,
  KEEP_CONTENTS,
  KEEP_RECEIPTS,
  READ_CONTENTS,
} from './receipts.sql.ts';

/** Evidence under the name that receipts have for it. */
export interface NamedEvidence {
  /** `sha256:` and hex. */
  readonly digest: string;
  readonly content: SessionEvidence;
}

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
}

interface Row {
  evidence: Buffer;
  body: Buffer;
  dictionary: Buffer | null;
}

/** What was said to be kept this long ago is said again, so that it stays as long as somebody names it. */
const OFFERED_AGAIN_MS = 3_600_000;
const MOST_OFFERED = 10_000;

@Injectable()
export class ReceiptsRepository {
  /** Contents that are known to be kept, and when that was said. */
  readonly #offered = new Map<string, number>();

  constructor(private readonly database: ArchiveDatabase) {
    database.onReplaced(() => this.#offered.clear());
  }

  get isConfigured(): boolean {
    return this.database.isConfigured;
  }

  /** Keeps all of them with what they rest on, or none. @throws ServiceError `service_unavailable` */
  async keep(receipts: readonly NewReceipt[]): Promise<void> {
    const contents = await this.#newContents(receipts);
    const rows = await Promise.all(receipts.map(toRow));
    const columns = COLUMNS.map((column) => rows.map((row) => row[column]));
    await this.database.transaction(async (ask) => {
      if (contents.size > 0) await keepContents(ask, contents);
      await ask(KEEP_RECEIPTS, columns);
    });
    for (const digest of contents.keys()) this.#remember(digest);
  }

  /** @throws ServiceError `service_unavailable` */
  async find(teamId: TeamId, requestId: RequestId): Promise<KeptReceipt | undefined> {
    const [row] = await this.database.query<Row>(FIND_BY_REQUEST, [teamId, requestId]);
    return row && toKept(row);
  }

  /** @param model null: whichever answered last @throws ServiceError `service_unavailable` */
  async findByChat(teamId: TeamId, chatId: string, model: string | null): Promise<KeptReceipt | undefined> {
    const [row] = await this.database.query<Row>(FIND_BY_CHAT, [teamId, chatId, model]);
    return row && toKept(row);
  }

  /** @throws ServiceError `service_unavailable`; Error where something of it is not there */
  async readEvidence(digests: readonly Buffer[]): Promise<NamedEvidence[]> {
    const names = digests.map((digest) => digest.toString('hex'));
    const texts = await this.#readAll(names);
    const textOf = (name: string) => texts.get(name) ?? gone(name);
    return names.map((name) => ({ digest: `sha256:${name}`, content: fromParts(textOf(name), textOf) }));
  }

  /**
   * What receipts say of a session, as canonical JSON, and its evidence; undefined where no receipt that is kept names it.
   * @param id `sha256:` and hex @throws ServiceError `service_unavailable`
   */
  async findSession(id: string): Promise<{ record: string; evidence: NamedEvidence } | undefined> {
    const name = digestOfName(sessionName(id)).toString('hex');
    const record = (await this.#read([name])).get(name);
    const [evidence] =
      record === undefined ? [] : await this.readEvidence([Buffer.from(id.slice('sha256:'.length), 'hex')]);
    return record === undefined || !evidence ? undefined : { record, evidence };
  }

  /** Whether a receipt that is kept names a session. @param id `sha256:` and hex @throws ServiceError `service_unavailable` */
  async isNamed(id: string): Promise<boolean> {
    const found = await this.database.query(HAS_CONTENT, [digestOfName(sessionName(id))]);
    return found.length > 0;
  }

  /** Keeps what was said of the session that followed one, with its evidence. @throws ServiceError `service_unavailable` */
  async keepSuccession(before: string, statement: string, evidence: NamedEvidence): Promise<void> {
    const contents = [namedContent(successionName(before), statement), ...this.#evidenceOf([evidence])];
    const packed = contents.map(async ({ digest, text }) => [digest.toString('hex'), await pack(text)] as const);
    const all = new Map(await Promise.all(packed));
    await this.database.transaction((ask) => keepContents(ask, all));
  }

  /** What followed a session; undefined while that is not known. @throws ServiceError `service_unavailable` */
  async findSuccession(before: string): Promise<string | undefined> {
    const name = digestOfName(successionName(before)).toString('hex');
    return (await this.#read([name])).get(name);
  }

  /** Evidence with all that it names, which may be evidence again. */
  async #readAll(evidence: readonly string[]): Promise<Map<string, string>> {
    const bodies = await this.#read(evidence);
    const named = [...bodies.values()].map(partsNamed);
    const texts = await this.#read(named.flatMap((one) => one.texts));
    const further = named.flatMap((one) => one.evidence);
    const earlier = further.length > 0 ? await this.#readAll(further) : [];
    return new Map([...bodies, ...texts, ...earlier]);
  }

  async #read(names: readonly string[]): Promise<Map<string, string>> {
    if (names.length === 0) return new Map();
    const digests = names.map((name) => Buffer.from(name, 'hex'));
    const rows = await this.database.query<{ digest: Buffer; body: Buffer }>(READ_CONTENTS, [digests]);
    const texts = rows.map(async ({ digest, body }) => [digest.toString('hex'), await unpack(body)] as const);
    return new Map(await Promise.all(texts));
  }

  /** What these receipts name and may not be kept yet, packed, by its digest in hex. */
  async #newContents(receipts: readonly NewReceipt[]): Promise<Map<string, Buffer>> {
    const texts = new Map<string, string>();
    const add = (digest: Buffer, text: () => string) => {
      const name = digest.toString('hex');
      if (this.#isNew(name) && !texts.has(name)) texts.set(name, text());
    };
    for (const { receipt, evidence } of receipts) {
      const dictionary = dictionaryOf(receipt);
      for (const content of [...(dictionary ? [dictionary] : []), ...this.#evidenceOf(evidence)])
        add(content.digest, () => content.text);
    }
    const packed = [...texts].map(async ([name, text]) => [name, await pack(text)] as const);
    return new Map(await Promise.all(packed));
  }

  #evidenceOf(evidence: readonly NamedEvidence[]): Content[] {
    const unknown = evidence.filter(({ digest }) => this.#isNew(digest.slice('sha256:'.length)));
    return unknown.flatMap(({ digest, content }) => toParts(digest, content));
  }

  #isNew(digest: string): boolean {
    return (this.#offered.get(digest) ?? 0) < Date.now() - OFFERED_AGAIN_MS;
  }

  #remember(digest: string): void {
    if (this.#offered.size >= MOST_OFFERED) this.#offered.clear();
    this.#offered.set(digest, Date.now());
  }
}

const successionName = (before: string): string => `after ${before}`;

const COLUMNS = ['id', 'teamId', 'chatId', 'provider', 'model', 'dictionary', 'evidence', 'body', 'leaf'] as const;

async function toRow({ teamId, receipt, evidence }: NewReceipt) {
  const dictionary = dictionaryOf(receipt);
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

async function keepContents(ask: Ask, contents: ReadonlyMap<string, Buffer>): Promise<void> {
  const digests = [...contents.keys()].map((name) => Buffer.from(name, 'hex'));
  await ask(KEEP_CONTENTS, [digests, [...contents.values()]]);
}

async function toKept({ evidence, body, dictionary }: Row): Promise<KeptReceipt> {
  const receipt = await unpressed(body, dictionary && (await unpack(dictionary)));
  const count = evidence.length / 32;
  return { receipt, evidence: Array.from({ length: count }, (_, at) => evidence.subarray(at * 32, at * 32 + 32)) };
}

function gone(digest: string): never {
  throw new Error(`a receipt names ${digest}, which is not kept`);
}
