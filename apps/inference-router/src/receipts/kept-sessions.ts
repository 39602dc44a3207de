import { Injectable } from '@nestjs/common';
import type { readAttestedSession, ReplyOf, RequestOf } from '@orgn/contracts';
import { ContentsRepository } from '../archive/contents.repository.ts';
import { gzipText } from '../attestation/gzip-text.ts';
import { SessionsService } from '../attestation/sessions.service.ts';
import { toSessionDocument, type SessionRecord } from './session-document.ts';
import { sessionRecordOf } from './session-record.ts';

/** Enclaves as they were verified: those that receipts name, and those that count now. */
@Injectable()
export class KeptSessions {
  constructor(
    private readonly contents: ContentsRepository,
    private readonly sessions: SessionsService,
  ) {}

  /** @throws ServiceError `service_unavailable` */
  async read({ id }: RequestOf<typeof readAttestedSession>): Promise<ReplyOf<typeof readAttestedSession>> {
    const found = this.#current(`sha256:${id}`) ?? (await this.#kept(`sha256:${id}`));
    return { session: found ? await gzipText(JSON.stringify(found)) : null };
  }

  #current(id: string): object | undefined {
    const session = this.sessions.find(id);
    return session && toSessionDocument({ digest: id, content: session.evidence }, sessionRecordOf(session));
  }

  async #kept(id: string): Promise<object | undefined> {
    const found = this.contents.isConfigured ? await this.contents.findSession(id) : undefined;
    return found && toSessionDocument(found.evidence, JSON.parse(found.record) as SessionRecord);
  }
}
