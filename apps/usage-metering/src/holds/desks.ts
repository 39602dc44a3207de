import { Injectable } from '@nestjs/common';
import type { TeamId } from '@orgn/contracts';
import { Gauge, Registry } from 'prom-client';
import { AlertWatch } from '../alerts/alert-watch.ts';
import { DeskDrawer } from './desk-drawer.ts';
import type { OpenHold } from './hold-order.ts';
import { ShardsService, type Tenure } from './shards.service.ts';
import { TeamDesk, type DeskTools } from './team-desk.ts';

/** A team's desk, as long as its shard is this replica's. */
export interface FoundDesk {
  desk: TeamDesk;
  tenure: Tenure;
}

/** Desks of the teams whose shards this replica owns. */
@Injectable()
export class Desks {
  readonly #desks = new Map<string, FoundDesk>();

  constructor(
    private readonly shards: ShardsService,
    private readonly drawer: DeskDrawer,
    private readonly alerts: AlertWatch,
    registry: Registry,
  ) {
    shards.onLost((lost, isOrderly) => this.#close(lost, isOrderly));
    const gauges: [name: string, help: string, value: () => number][] = [
      [
        'orgn_hold_shards',
        'Shards of teams that this replica holds money for; 64 over all replicas.',
        () => shards.owned.length,
      ],
      [
        'orgn_hold_open',
        'Requests that money is held for by this replica, or that are counted against a rate.',
        () => this.#sum(({ openHolds }) => openHolds),
      ],
      [
        'orgn_hold_waiting',
        'Requests that wait for money which others hold.',
        () => this.#sum(({ waitingHolds }) => waitingHolds),
      ],
    ];
    for (const [name, help, value] of gauges) {
      const collect = function (this: Gauge) {
        this.set(value());
      };
      new Gauge({ name, help, registers: [registry], collect });
    }
  }

  /** The desk of a team; undefined: another replica has it. */
  of(teamId: TeamId): FoundDesk | undefined {
    const tenure = this.shards.tenureOf(teamId);
    if (!tenure) return undefined;
    const known = this.#desks.get(teamId);
    if (known?.tenure === tenure) return known;
    const made = { desk: new TeamDesk(this.#toolsFor(teamId, tenure)), tenure };
    this.#desks.set(teamId, made);
    return made;
  }

  /** The desk that there is for a team already. */
  known(teamId: TeamId): TeamDesk | undefined {
    return this.#desks.get(teamId)?.desk;
  }

  tidy(): void {
    const now = performance.now();
    const isOld = ({ at }: OpenHold) => now - at > this.drawer.lifeMs;
    for (const [team, { desk }] of this.#desks) {
      desk.tidy(Date.now(), isOld);
      if (desk.isEmpty) this.#desks.delete(team);
    }
  }

  #toolsFor(teamId: TeamId, tenure: Tenure): DeskTools {
    return {
      ...this.drawer.toolsFor(teamId, tenure),
      refused: ({ nanoUsd }, stocks) => {
        for (const { limit } of stocks) this.alerts.refused({ teamId, ...limit, nanoUsd });
      },
    };
  }

  async #close(lost: readonly Tenure[], isOrderly: boolean): Promise<void> {
    const gone = new Set(lost);
    for (const [team, { desk, tenure }] of this.#desks) {
      if (!gone.has(tenure)) continue;
      this.#desks.delete(team);
      const returns = desk.close();
      // Somebody else's by now: its blocks have ended, and are collected with all that is in them.
      if (isOrderly && returns.length > 0) await this.drawer.giveBackNow(team, returns);
    }
  }

  #sum(count: (desk: TeamDesk) => number): number {
    return [...this.#desks.values()].reduce((sum, { desk }) => sum + count(desk), 0);
  }
}
