import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { canonicalJson } from '@orgn/attestation';
import { signSuccession, type Succession } from '@orgn/receipts';
import { ServiceLog } from '@orgn/service-kit';
import { ContentsRepository, type NamedEvidence } from '../archive/contents.repository.ts';
import type { AttestedSession } from '../attestation/attested-session.ts';
import { SessionsService } from '../attestation/sessions.service.ts';
import { RouterConfig } from '../config.ts';
import { sessionRecordOf, shared } from './session-record.ts';

/** Soon, and once the last receipts of the session before are kept, if there are any: providers' signatures are waited for. */
const AFTER_MS = [2_000, 15_000];

/** Says, once for all receipts of a session, which verification of the same endpoint followed it: receipts are bracketed so. */
@Injectable()
export class Successions implements OnApplicationBootstrap {
  constructor(
    private readonly config: RouterConfig,
    private readonly contents: ContentsRepository,
    private readonly sessions: SessionsService,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    if (!this.config.RECEIPT_KEYS || !this.contents.isConfigured) return;
    this.sessions.onRenewed((before, after) => {
      for (const ms of AFTER_MS) setTimeout(() => void this.#keep(before, after), ms).unref();
    });
  }

  /** What followed a session, with its evidence. @throws ServiceError `service_unavailable` */
  async find(before: string): Promise<{ after: Succession; evidence: NamedEvidence[] } | undefined> {
    const statement = await this.contents.findSuccession(before);
    if (statement === undefined) return undefined;
    const after = JSON.parse(statement) as Succession;
    const digest = Buffer.from(after.session.evidence.slice('sha256:'.length), 'hex');
    return { after, evidence: await this.contents.readEvidence([digest]) };
  }

  async #keep(before: AttestedSession, after: AttestedSession): Promise<void> {
    const [key] = this.config.RECEIPT_KEYS ?? [];
    try {
      if (!key || !(await this.contents.isNamed(before.id))) return;
      const { session, policy } = sessionRecordOf(after);
      const said = { format: 'orgn-session-after/1', before: before.id } as const;
      const statement = canonicalJson(
        signSuccession({ ...said, session: shared(session), policy: shared(policy) }, key),
      );
      await this.contents.keepSuccession(before.id, statement, { digest: after.id, content: after.evidence });
    } catch (error) {
      this.log.warn('what followed a session was not kept', {}, error);
    }
  }
}
