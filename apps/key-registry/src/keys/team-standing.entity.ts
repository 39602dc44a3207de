import type { TeamId, TeamStanding } from '@orgn/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A row of team_standings. A team without one is active. */
@Entity({ name: 'team_standings' })
export class TeamStandingEntity {
  @PrimaryColumn({ type: 'text', name: 'team_id' })
  teamId!: TeamId;

  @Column({ type: 'text' })
  standing!: TeamStanding;

  /** Its keys may ask for its balance. */
  @Column({ type: 'boolean', name: 'shows_balance', default: false })
  showsBalance!: boolean;

  /** What it demands of enclaves beyond the deployment, in the words of `x-ollm-require`. */
  @Column({ type: 'text', name: 'tee_demands', nullable: true })
  teeDemands!: string | null;

  @Column({ type: 'timestamptz', name: 'changed_at' })
  changedAt!: Date;
}
