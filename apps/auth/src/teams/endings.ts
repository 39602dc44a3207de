import { Injectable } from '@nestjs/common';
import { teamDeleted } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import type { TeamEntity } from '../roster/team.entity.ts';
import { TeamKeys } from '../team-keys/team-keys.ts';
import { Burial } from './burial.ts';

/** How a team ends that somebody wants to end: first its keys at every gateway, then everything else. */
@Injectable()
export class Endings {
  constructor(
    private readonly teamKeys: TeamKeys,
    private readonly burial: Burial,
    private readonly audit: AuditLog,
    private readonly bus: Bus,
  ) {}

  /** In a transaction that has locked the team. */
  async end(team: TeamEntity, by: Pick<AuditEntry, 'actor' | 'client'>): Promise<void> {
    const keys = await this.teamKeys.living(team.id);
    await this.teamKeys.stand(team.id, 'closed');
    await this.burial.bury(team.id);
    const object = { kind: 'team', id: team.id } as const;
    const before = { name: team.name, keys: keys.length };
    await this.audit.record({ ...by, teamId: team.id, action: 'team.deleted', object, before });
    // A hint: whoever hears it asks whether it is so.
    this.bus.broadcast(teamDeleted, { teamId: team.id });
  }
}
