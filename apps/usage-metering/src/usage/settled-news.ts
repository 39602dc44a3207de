import { Injectable } from '@nestjs/common';
import { holdsSettled, usageChanged, usageSettled, type UsageRow } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { AlertWatch } from '../alerts/alert-watch.ts';
import { holdSize, idSize, inMessages, rowSize } from './settled-messages.ts';
import type { UsageWord } from './usage-word.ts';
import { SettlementMetrics } from './settlement-metrics.ts';

/** Tells others, and the operator, what was settled. */
@Injectable()
export class SettledNews {
  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
    private readonly metrics: SettlementMetrics,
    private readonly alerts: AlertWatch,
  ) {}

  /** Times a commit; it counts once it has succeeded. */
  startCommit(): (events: number, changedRows: number) => void {
    return this.metrics.startCommit();
  }

  /** The commit stands whatever happens here: a publisher that was not told repeats itself, and is told then. */
  announce(ids: readonly string[], changed: readonly UsageRow[]): void {
    this.alerts.touch(new Set(changed.map(({ teamId }) => teamId)));
    try {
      for (const eventIds of inMessages(ids, idSize)) this.bus.broadcast(usageSettled, { eventIds });
      for (const rows of inMessages(changed, rowSize)) this.bus.broadcast(usageChanged, { rows });
    } catch (error) {
      this.log.error('settled usage not announced', error, { events: ids.length });
    }
  }

  /** Owners forget what they held; one that was not told finds out when its block is collected. */
  announceHolds(words: readonly UsageWord[]): void {
    const held = words.flatMap(({ hold, teamId, requestId, promptTokens, completionTokens }) =>
      hold == null ? [] : [{ teamId, requestId, tokens: promptTokens + completionTokens }],
    );
    try {
      for (const holds of inMessages(held, holdSize)) this.bus.broadcast(holdsSettled, { holds });
    } catch (error) {
      this.log.error('settled holds not announced', error, { holds: held.length });
    }
  }

  /** Routers accept a request id once, so somebody posted one to two of them, or one again. */
  alarm(doubled: readonly UsageRow[]): void {
    this.metrics.doubled(doubled.length);
    for (const { secondOf, keyId, instance } of doubled)
      this.log.error('request charged twice: it was run twice under one id', undefined, {
        requestId: secondOf,
        keyId,
        router: instance,
      });
  }
}
