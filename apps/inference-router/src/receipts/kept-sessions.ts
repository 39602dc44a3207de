import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { readAttestedSession, ReplyOf, RequestOf } from '@orgn/contracts';
import { ArchiveDatabase } from '../archive/archive-database.ts';
import { ReceiptsRepository } from '../archive/receipts.repository.ts';
import { SessionsService } from '../attestation/sessions.service.ts';
import { toSessionDocument, type SessionRecord } from './session-document.ts';
import { sessionRecordOf } from './session-record.ts';

const gzipped = promisify(gzip);

/** Enclaves as they were verified: those that receipts name, and those that count now. */
@Injectable()
export class KeptSessions {
  constructor(
    private readonly database: ArchiveDatabase,
    private readonly repository: ReceiptsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws ServiceError `service_unavailable` */
  async read({ id }: RequestOf<typeof readAttestedSession>): Promise<ReplyOf<typeof readAttestedSession>> {
    const found = this.#current(`sha256:${id}`) ?? (await this.#kept(`sha256:${id}`));
    return { session: found ? (await gzipped(JSON.stringify(found))).toString('base64') : null };
  }

  #current(id: string): object | undefined {
    const session = this.sessions.find(id);
    return session && toSessionDocument({ digest: id, content: session.evidence }, sessionRecordOf(session));
  }

  async #kept(id: string): Promise<object | undefined> {
    const found = this.database.isConfigured ? await this.repository.findSession(id) : undefined;
    return found && toSessionDocument(found.evidence, JSON.parse(found.record) as SessionRecord);
  }
}
