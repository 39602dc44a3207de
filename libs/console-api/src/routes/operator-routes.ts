import {
  boundedRecord,
  circuitState,
  displayName,
  MAX_ENTRIES,
  model,
  providerHealth,
  services,
  shortText,
  teamId,
} from '@orgn/contracts';
import { z } from 'zod';
import { consoleRoute, page, paging } from '../route.ts';
import { timeRange } from './time-range.ts';
import { shownSums } from './usage-routes.ts';

const count = z.number().int().nonnegative();

/** One process of the deployment, by its own last word. */
export const serviceView = z.object({
  service: z.enum(services),
  instance: shortText,
  version: shortText,
  startedAt: shortText,
  heardAt: shortText,
  /** `silent`: it has said nothing for longer than it should. */
  state: z.enum(['well', 'unwell', 'silent']),
  /** Conditions of its health that do not hold, and what is wrong with each. */
  faults: boundedRecord(shortText, shortText, 32),
  /** How long its event loop stood still at most in the five seconds before, in milliseconds. */
  loopLagMs: count,
  /** Usage words on their way to the database, where it settles them. */
  backlog: z.object({ messages: count, oldestSeconds: count }).nullable(),
});
export type ServiceView = z.output<typeof serviceView>;

export const routerView = z.object({
  router: shortText,
  catalogueVersion: shortText,
  /** Whether prompts leave for enclaves that nobody has verified. */
  takesUnverified: z.boolean(),
  providers: z
    .array(z.object({ provider: shortText, health: providerHealth, circuit: circuitState.nullable() }))
    .max(MAX_ENTRIES),
  /** What of Intel's and NVIDIA's word on enclaves could not be fetched when it was asked for last. */
  unanswered: z.array(shortText).max(64),
});
export type RouterView = z.output<typeof routerView>;

/** A team as the operator sees it. */
export const operatorsTeamView = z.object({
  id: teamId,
  name: shortText,
  standing: z.enum(['active', 'suspended']),
  suspensionReason: shortText.nullable(),
  createdAt: shortText,
});
export type OperatorsTeamView = z.output<typeof operatorsTeamView>;

const tag = 'operator';
const access = { who: 'signed_in', isOperator: true } as const;
const changing = {
  access: { ...access, isStepUp: true },
  errors: ['not_found', 'team_not_found', 'reauthentication_required'],
} as const;
const reading = { access, errors: ['not_found', 'rate_limit_exceeded'], limit: 'report' } as const;

/** What the operators of a deployment see and do; to everybody else none of it exists. */
export const operatorRoutes = {
  services: consoleRoute('listServices', {
    method: 'GET',
    path: '/api/operator/services',
    tag,
    summary: 'The processes of this deployment that have been heard in the last minute: release, health, lag.',
    reply: z.object({ data: z.array(serviceView).max(MAX_ENTRIES) }),
    ...reading,
  }),
  routers: consoleRoute('listRouters', {
    method: 'GET',
    path: '/api/operator/routers',
    tag,
    summary: 'The routers that answer now, and how each finds its providers.',
    reply: z.object({ data: z.array(routerView).max(MAX_ENTRIES) }),
    ...reading,
  }),
  catalogue: consoleRoute('getCatalogue', {
    method: 'GET',
    path: '/api/operator/catalogue',
    tag,
    summary: 'The catalogue in force: its version, its models and prices, and which routers dispatch by it.',
    reply: z.object({
      version: shortText,
      createdAt: shortText,
      models: z.array(model.omit({ tokenizer: true })).max(MAX_ENTRIES),
      routers: z.array(z.object({ router: shortText, version: shortText })).max(MAX_ENTRIES),
    }),
    ...reading,
  }),
  usage: consoleRoute('getDeploymentUsage', {
    method: 'GET',
    path: '/api/operator/usage',
    tag,
    summary:
      'What everybody together used in a while, by model, execution or team, beside as long a time before; see `getUsage`.',
    query: z.strictObject({ ...timeRange, by: z.enum(['model', 'execution', 'team']).default('model') }),
    reply: z.object({
      from: shortText,
      until: shortText,
      unit: z.enum(['hour', 'day']),
      completeUntil: shortText.nullable(),
      total: shownSums,
      before: shownSums,
      /** `label`: what people call it. */
      groups: z.array(z.object({ name: shortText, label: shortText, sums: shownSums })).max(200),
      series: z.array(z.object({ at: shortText, name: shortText.nullable(), sums: shownSums })).max(MAX_ENTRIES),
    }),
    ...reading,
  }),
  teams: consoleRoute('listAllTeams', {
    method: 'GET',
    path: '/api/operator/teams',
    tag,
    summary: 'All teams that are not deleted, newest first.',
    query: z.strictObject({ ...paging, cursor: teamId.optional() }),
    reply: page(operatorsTeamView),
    ...reading,
  }),
  suspend: consoleRoute('suspendTeam', {
    method: 'POST',
    path: '/api/operator/teams/{teamId}/suspend',
    tag,
    summary: 'Stops a team: when this has answered, no gateway accepts any of its keys. Its people read the reason.',
    params: z.strictObject({ teamId }),
    body: z.strictObject({ reason: displayName(200) }),
    reply: operatorsTeamView,
    audit: 'team.suspended',
    ...changing,
  }),
  resume: consoleRoute('resumeTeam', {
    method: 'POST',
    path: '/api/operator/teams/{teamId}/resume',
    tag,
    summary: 'Ends a suspension.',
    params: z.strictObject({ teamId }),
    reply: operatorsTeamView,
    audit: 'team.resumed',
    ...changing,
  }),
};
