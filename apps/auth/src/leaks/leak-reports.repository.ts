import { Injectable } from '@nestjs/common';
import type { KeyId } from '@orgn/contracts';
import { In } from 'typeorm';
import { AuthDatabase } from '../database/auth-database.ts';
import { LeakReportEntity } from './leak-report.entity.ts';

/** The table leak_reports. */
@Injectable()
export class LeakReportsRepository {
  constructor(private readonly database: AuthDatabase) {}

  /** Which of these reports were acted on already, in hexadecimal. */
  async actedOn(fingerprints: readonly Buffer[]): Promise<Set<string>> {
    const rows = await this.database.query((manager) =>
      manager.findBy(LeakReportEntity, { fingerprint: In([...fingerprints]) }),
    );
    return new Set(rows.map(({ fingerprint }) => fingerprint.toString('hex')));
  }

  async note(reports: readonly { fingerprint: Buffer; keyId: KeyId }[]): Promise<void> {
    await this.database.query((manager) =>
      manager
        .createQueryBuilder()
        .insert()
        .into(LeakReportEntity)
        .values([...reports])
        .orIgnore()
        .execute(),
    );
  }
}
