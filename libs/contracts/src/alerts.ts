import { MAX_ENTRIES, shortText } from './bounds.ts';
import { z } from 'zod';
import { nanoUsd } from './billing.ts';
import { broadcast, request } from './contract.ts';
import { scopeKind, scopePeriod } from './holds.ts';
import { teamId } from './ids.ts';

/** Shares of a limit at which a team is told, in percent: each once, until it is less again. */
export const alertPercents = z.array(z.number().int().min(1).max(100)).max(10);

/** A limit of which so much is used. Of a balance, the limit is what it was when money last came in. */
export const alert = z.object({
  id: nanoUsd,
  teamId,
  kind: scopeKind,
  /** Of a member or a key's family, its id; else empty. */
  subject: shortText,
  period: scopePeriod,
  percent: z.number().int(),
  /** The limit refuses nothing: it only warns. */
  isSoft: z.boolean().default(false),
  limitNanoUsd: nanoUsd,
  usedNanoUsd: nanoUsd,
  openedAt: shortText,
  /** Null: it holds. */
  closedAt: shortText.nullable(),
});
export type Alert = z.output<typeof alert>;

/** Alerts as they open and close, for whoever watches now; what holds is asked for with `listAlerts`. */
export const alertChanged = broadcast('broadcast.alerts', {
  saidBy: ['usage-metering'],
  heardBy: ['operator'],
  payload: z.object({ alerts: z.array(alert).max(MAX_ENTRIES) }),
});

/** The newest alerts of a team, those that hold first, and at which shares it is told. */
export const listAlerts = request('alerts.list', {
  askedBy: ['auth', 'operator'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, limit: z.number().int().min(1).max(100).default(20) }),
  reply: z.object({ percents: alertPercents, alerts: z.array(alert).max(MAX_ENTRIES) }),
  errors: [],
  timeoutMs: 5_000,
  isHedged: true,
});

/** Chooses at which shares a team is told; none: never. */
export const setAlerts = request('alerts.set', {
  askedBy: ['auth'],
  answeredBy: ['usage-metering'],
  request: z.object({ teamId, percents: alertPercents }),
  reply: z.object({ before: alertPercents, after: alertPercents }),
  errors: [],
  timeoutMs: 5_000,
});

/** Has the people told whom an alert is about: asked until it is answered. */
export const tellAlert = request('alerts.tell', {
  askedBy: ['usage-metering'],
  answeredBy: ['auth'],
  request: alert,
  reply: z.object({}),
  errors: [],
  timeoutMs: 5_000,
});
