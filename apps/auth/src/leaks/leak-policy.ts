import { Injectable } from '@nestjs/common';
import type { LeakAction } from '@orgn/console-api';
import type { KeyId, KeyView, TeamId } from '@orgn/contracts';
import { TeamsRepository } from '../roster/teams.repository.ts';
import { LeakReportsRepository } from './leak-reports.repository.ts';

/** A key that was found in public, and the reports that say so. */
export interface LeakedKey {
  key: KeyView;
  fingerprints: Buffer[];
}

/** Which reports are acted on, and how. */
@Injectable()
export class LeakPolicy {
  constructor(
    private readonly teams: TeamsRepository,
    private readonly reports: LeakReportsRepository,
  ) {}

  /**
   * Keys of which something new is reported. Whoever enables a key again has seen the reports until then: sending those
   * once more must not end the key once more.
   */
  async fresh(leaked: readonly LeakedKey[]): Promise<LeakedKey[]> {
    if (leaked.length === 0) return [];
    const old = await this.reports.actedOn(leaked.flatMap(({ fingerprints }) => fingerprints));
    return leaked.filter(({ fingerprints }) => fingerprints.some((one) => !old.has(one.toString('hex'))));
  }

  /** What the team wishes; a team that is gone wishes nothing better than that its keys end. */
  async actionOf(teamId: TeamId): Promise<LeakAction> {
    return (await this.teams.find(teamId))?.leakAction ?? 'revoke';
  }

  async note(keyId: KeyId, fingerprints: readonly Buffer[]): Promise<void> {
    await this.reports.note(fingerprints.map((fingerprint) => ({ fingerprint, keyId })));
  }
}
