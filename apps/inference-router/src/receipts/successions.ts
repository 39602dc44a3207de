import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { canonicalJson } from '@orgn/attestation';
import { signSuccession, type Succession } from '@orgn/receipts';
import { ServiceLog } from '@orgn/service-kit';
import { ArchiveDatabase } from '../archive/archive-database.ts';
import { ReceiptsRepository, type NamedEvidence } from '../archive/receipts.repository.ts';
import type { AttestedSession } from '../attestation/attested-session.ts';
import { SessionsService } from '../attestation/sessions.service.ts';
import { RouterConfig } from '../config.ts';
import { sessionRecordOf, shared } from './session-record.ts';

/** By then the last receipts of the session before are kept, if there are any: providers' signatures are waited for. */
const AFTER_MS = 15_000;

/** What else that takes. */
@Injectable()
export class SuccessionParts {
  constructor(
    readonly database: ArchiveDatabase,
    readonly log: ServiceLog,
  ) {}
}

/** Says, once for all receipts of a session, which verification of the same endpoint followed it: receipts are bracketed so. */
@Injectable()
export class Successions implements OnApplicationBootstrap {
  constructor(
    private readonly config: RouterConfig,
    private readonly repository: ReceiptsRepository,
    private readonly sessions: SessionsService,
    private readonly parts: SuccessionParts,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.RECEIPT_KEYS || !this.parts.database.isConfigured) return;
    this.sessions.onRenewed((before, after) => {
      setTimeout(() => void this.#keep(before, after), AFTER_MS).unref();
    });
  }

  /** What followed a session, with its evidence. @throws ServiceError `service_unavailable` */
  async find(before: string): Promise<{ after: Succession; evidence: NamedEvidence[] } | undefined> {
    const statement = await this.repository.findSuccession(before);
    if (statement === undefined) return undefined;
    const after = JSON.parse(statement) as Succession;
    const digest = Buffer.from(after.session.evidence.slice('sha256:'.length), 'hex');
    return { after, evidence: await this.repository.readEvidence([digest]) };
  }

  async #keep(before: AttestedSession, after: AttestedSession): Promise<void> {
    const [key] = this.config.RECEIPT_KEYS ?? [];
    try {
      if (!key || !(await this.repository.isNamed(before.id))) return;
      const { session, policy } = sessionRecordOf(after);
      const said = { format: 'orgn-session-after/1', before: before.id } as const;
      const statement = canonicalJson(
        signSuccession({ ...said, session: shared(session), policy: shared(policy) }, key),
      );
      await this.repository.keepSuccession(before.id, statement, { digest: after.id, content: after.evidence });
    } catch (error) {
      this.parts.log.warn('what followed a session was not kept', {}, error);
    }
  }
}
