import { Injectable } from '@nestjs/common';
import type { SessionEvidence } from '@orgn/attestation';
import { ArchiveDatabase, type Ask } from './archive-database.ts';
import { digestOfName, namedContent, pack, unpack, type Content } from './content.ts';
import { fromParts, partsNamed, toParts } from './evidence-parts.ts';
import { sessionName } from './receipt-body.ts';
import { HAS_CONTENT, KEEP_CONTENTS, READ_CONTENTS } from './receipts.sql.ts';

/** Evidence under the name that receipts have for it. */
export interface NamedEvidence {
  /** `sha256:` and hex. */
  readonly digest: string;
  readonly content: SessionEvidence;
}

/** Contents that are to be kept in a transaction. */
export interface Offer {
  keep(ask: Ask): Promise<void>;
  /** Says that the transaction has come to its end. */
  wasKept(): void;
}

/** What was said to be kept this long ago is said again, so that it stays as long as somebody names it. */
const OFFERED_AGAIN_MS = 3_600_000;
const MOST_OFFERED = 10_000;

/** What receipts rest on: evidence, what sessions share, and which session followed which. */
@Injectable()
export class ContentsRepository {
  /** Contents that are known to be kept, and when that was said. */
  readonly #offered = new Map<string, number>();

  readonly #ask: Ask = (text, values) => this.database.query(text, values);

  constructor(private readonly database: ArchiveDatabase) {
    database.onReplaced(() => this.#offered.clear());
  }

  get isConfigured(): boolean {
    return this.database.isConfigured;
  }

  /** Packs those among the contents that may not be kept yet, and each once. */
  async offer(contents: readonly Content[], evidence: readonly NamedEvidence[]): Promise<Offer> {
    const texts = new Map<string, string>();
    for (const { digest, text } of [...contents, ...this.#partsOf(evidence)]) {
      const name = digest.toString('hex');
      if (this.#isNew(name)) texts.set(name, text);
    }
    const packed = await Promise.all([...texts].map(async ([name, text]) => [name, await pack(text)] as const));
    return {
      keep: async (ask) => {
        const digests = packed.map(([name]) => Buffer.from(name, 'hex'));
        if (packed.length > 0) await ask(KEEP_CONTENTS, [digests, packed.map(([, body]) => body)]);
      },
      wasKept: () => packed.forEach(([name]) => this.#remember(name)),
    };
  }

  /** @param digests 32 bytes each @throws ServiceError `service_unavailable`; Error where something of it is not there */
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
    const record = await this.findRecord(id);
    const [evidence] =
      record === undefined ? [] : await this.readEvidence([Buffer.from(id.slice('sha256:'.length), 'hex')]);
    return record === undefined || !evidence ? undefined : { record, evidence };
  }

  /** The first half of `findSession` alone. */
  findRecord(id: string): Promise<string | undefined> {
    return this.#readOne(sessionName(id));
  }

  /** Whether a receipt that is kept names a session. @param id `sha256:` and hex @throws ServiceError `service_unavailable` */
  async isNamed(id: string): Promise<boolean> {
    const found = await this.database.query(HAS_CONTENT, [digestOfName(sessionName(id))]);
    return found.length > 0;
  }

  /** Keeps what was said of the session that followed one, with its evidence. @throws ServiceError `service_unavailable` */
  async keepSuccession(before: string, statement: string, evidence: NamedEvidence): Promise<void> {
    const offer = await this.offer([namedContent(successionName(before), statement)], [evidence]);
    await this.database.transaction((ask) => offer.keep(ask));
    offer.wasKept();
  }

  /** What followed a session; undefined while that is not known. @throws ServiceError `service_unavailable` */
  findSuccession(before: string): Promise<string | undefined> {
    return this.#readOne(successionName(before));
  }

  /** Texts by their digests in hex. @throws ServiceError `service_unavailable` */
  async read(names: readonly string[], ask: Ask = this.#ask): Promise<Map<string, string>> {
    if (names.length === 0) return new Map();
    const digests = names.map((name) => Buffer.from(name, 'hex'));
    const rows = await ask<{ digest: Buffer; body: Buffer }>(READ_CONTENTS, [digests]);
    const texts = rows.map(async ({ digest, body }) => [digest.toString('hex'), await unpack(body)] as const);
    return new Map(await Promise.all(texts));
  }

  async #readOne(named: string): Promise<string | undefined> {
    const name = digestOfName(named).toString('hex');
    return (await this.read([name])).get(name);
  }

  /** Evidence with all that it names, which may be evidence again. */
  async #readAll(evidence: readonly string[]): Promise<Map<string, string>> {
    const bodies = await this.read(evidence);
    const named = [...bodies.values()].map(partsNamed);
    const texts = await this.read(named.flatMap((one) => one.texts));
    const further = named.flatMap((one) => one.evidence);
    const earlier = further.length > 0 ? await this.#readAll(further) : [];
    return new Map([...bodies, ...texts, ...earlier]);
  }

  /** Evidence that is known to be kept is not taken apart again. */
  #partsOf(evidence: readonly NamedEvidence[]): Content[] {
    const unknown = new Map(
      evidence.filter(({ digest }) => this.#isNew(plain(digest))).map((one) => [one.digest, one]),
    );
    return [...unknown.values()].flatMap(({ digest, content }) => toParts(digest, content));
  }

  #isNew(name: string): boolean {
    return (this.#offered.get(name) ?? 0) < Date.now() - OFFERED_AGAIN_MS;
  }

  #remember(name: string): void {
    if (this.#offered.size >= MOST_OFFERED) this.#offered.clear();
    this.#offered.set(name, Date.now());
  }
}

const plain = (digest: string): string => digest.slice('sha256:'.length);
const successionName = (before: string): string => `after ${before}`;

function gone(digest: string): never {
  throw new Error(`a receipt names ${digest}, which is not kept`);
}
