import { consoleRoutes, type ConsoleRoute } from '@orgn/console-api';

const at = '2026-11-28T12:00:00.000Z';
const hex = (digit: string) => digit.repeat(32);

export const teamId = 'team_demo';
export const keyId = `key_${hex('1')}`;
export const userId = `user_${hex('2')}`;
export const requestId = '019bd1c2-77a1-7c3e-9d2b-3f6a1c0e9b11';
export const olivia = { id: userId, name: 'Olivia Owner', email: 'owner@orgn.test' };

export const key = {
  id: keyId,
  teamId,
  name: 'production-backend',
  hint: 'sk-ollm-…o5p6',
  state: 'active',
  expiresAt: null,
  models: null,
  executionPolicy: 'tee_only',
  ipAllowList: ['203.0.113.0/24'],
  budgets: null,
  softBudgets: [],
  rpm: null,
  tpm: null,
  concurrency: null,
  createdBy: olivia,
  owner: olivia,
  lineageId: keyId,
  replaces: null,
  replacedBy: null,
  isAwaitingSuccessor: false,
  createdAt: at,
  lastUsedAt: at,
  lastUsedWith: 'sdk',
  lastUsedFrom: '203.0.113.0/24',
  revokedAt: null,
  revocationReason: null,
};

const sums = {
  ...{ requests: 3, failed: 1, cancelled: 0, withheld: 0, promptTokens: 30, completionTokens: 15 },
  costUsd: '0.000003100',
};
const report = {
  ...{ from: '2026-11-27T00:00:00.000Z', until: '2026-11-29T00:00:00.000Z', unit: 'day', completeUntil: at },
  ...{ total: sums, before: sums },
  groups: [{ name: 'near_qwen3_30b', label: 'near_qwen3_30b', key: null, member: null, sums }],
  series: [{ at: '2026-11-28T00:00:00.000Z', name: 'near_qwen3_30b', sums }],
};
const request = {
  ...{ id: requestId, at, outcome: 'failed', source: 'api', member: olivia, owner: 'member' },
  key: { id: keyId, name: key.name, hint: key.hint },
  ...{ model: 'near_qwen3_30b', provider: 'near', execution: 'tee', streamed: true },
  ...{ promptTokens: 10, completionTokens: 5, costUsd: '0.000003100', durationMs: 250 },
  refusal: {
    ...{ code: 'provider_error', status: 502, param: null, path: '/v1/chat/completions' },
    ...{ when: 'The provider failed.', action: 'Try again.' },
  },
};
const model = {
  ...{
    id: 'near_qwen3_30b',
    provider: 'near',
    execution: 'tee',
    type: 'chat',
    displayName: 'Qwen3 30B',
    ownedBy: 'Qwen',
  },
  ...{ capabilities: ['chat', 'tools'], inputModalities: ['text'], outputModalities: ['text'] },
  ...{ context: 262_144, maxOutput: 16_384, defaultOutput: 4_096, isSample: true, promptCaching: false },
  price: { input: '0.15', output: '0.45' },
};
const software = { composeHash: hex('c') + hex('d'), osImageHash: hex('e'), mrtd: hex('f'), imageDigests: [] };
const measurement = {
  ...software,
  ...{ id: hex('a') + hex('b'), provider: 'near', state: 'seen', firstSeenAt: at, lastSeenAt: at },
  ...{ decidedBy: null, decidedAt: null, rtmr0: null, rtmr1: null, rtmr2: null, appId: 'app-1' },
  changes: [{ name: 'composeHash', before: [hex('7')], after: [software.composeHash] }],
  composeChanges: ['-     image: vllm@sha256:77', '+     image: vllm@sha256:cc'],
};
const page = (...data: object[]) => ({ data, nextCursor: null });
const standing = { id: teamId, name: 'Demo team', standing: 'active', suspensionReason: null, createdAt: at };

const nothing = '0';
const balance = {
  ...{ teamId, billing: 'prepaid', fundsNanoUsd: nothing, heldNanoUsd: nothing, availableNanoUsd: nothing },
  ...{ owedNanoUsd: nothing, usedNanoUsd: nothing, waivedNanoUsd: nothing },
};
const payment = {
  ...{ id: '7b3f2a52-5b0e-4f7e-9a53-0f5b8c1b2f11', teamId, userId, amountNanoUsd: '25000000000', state: 'open' },
  ...{ url: 'https://pay.example/session', openedAt: at, expiresAt: at },
};

/** What a gateway with a little of everything answers, by the name of the route. */
export const replies: Record<string, unknown> = {
  getSession: {
    user: { ...olivia, emailVerified: true, isOperator: true },
    session: { id: `session_${hex('3')}`, createdAt: at, expiresAt: at, authenticatedAt: at, isFresh: true },
    teams: [{ id: teamId, name: 'Demo team', role: 'owner' }],
  },
  getDeployment: { apiUrl: 'https://api.example.com' },
  listSessions: {
    data: [
      {
        ...{ id: `session_${hex('3')}`, createdAt: at, lastSeenAt: at, authenticatedAt: at, expiresAt: at },
        ...{ client: { address: '203.0.113.9', userAgent: 'browser' }, isCurrent: true },
      },
    ],
  },
  getTeam: {
    ...standing,
    role: 'owner',
    settings: { membersMayCreateKeys: true, defaultExecutionPolicy: 'any', leakAction: 'revoke' },
    permissions: [],
  },
  getEnclaveDemands: { isTeeOnly: false, isGpu: false, isInstance: false, tcb: null },
  setEnclaveDemands: { isTeeOnly: false, isGpu: true, isInstance: false, tcb: 'UpToDate' },
  listKeys: page(key),
  getKey: key,
  getKeyActivity: {
    ...{ id: keyId, state: 'active', lastUsedAt: at, lastUsedWith: 'sdk', lastUsedFrom: null },
    ...{ running: { requests: 1, streams: 1, gateways: 1 }, isOnlyActive: true, predecessor: null },
  },
  listModels: {
    catalogue: { version: 'v1', createdAt: at },
    executions: [{ execution: 'tee', name: 'Enclave (TEE)', promises: ['Sealed.'], doesNotPromise: ['Speed.'] }],
    data: [
      {
        ...model,
        ...{ parameters: ['temperature'], health: { provider: 'ok', circuit: 'closed' }, availability: 'available' },
        attestation: 'not_proven',
        enclave: {
          ...{ verifiedAt: at, composeHashes: [hex('c') + hex('d')], failed: [], isDevelopment: true },
          ...{ approved: { ...software, at, changed: ['composeHash'] }, waiting: null },
        },
      },
    ],
    keys: [{ id: keyId, name: key.name, hint: key.hint, models: null, executionPolicy: 'any' }],
  },
  getUsage: report,
  getKeyUsage: { data: [{ keyId, requests: Array.from({ length: 30 }, (_, day) => day) }] },
  listRequests: { ...page(request), completeUntil: at, counted: [] },
  getReceipt: {
    state: 'there',
    receipt: {
      ...{ receipt_id: requestId, model: 'near_qwen3_30b', served_at: 1_795_867_200 },
      orgn: {
        ...{ status: 'verified', reason: null, execution: 'tee', provider: 'near', channel: 'key_attested' },
        session: {
          verified_at: 1_795_867_100_000,
          checks: [{ id: 'quote_signature', status: 'pass', source: 'hardware_proven', detail: 'P-256' }],
        },
        checks: [{ id: 'response_hash', status: 'fail', source: 'verifier_derived', detail: 'other bytes' }],
        development_root: true,
      },
    },
  },
  getReceiptLog: { checkpoint: 'gateway.example/receipts\n12\nAAAA\n\n— gateway.example/receipts AAAA\n', size: 12 },
  listReceiptKeys: { keys: [{ kid: 'r1', algorithm: 'ed25519', public_key: '0'.repeat(64) }] },
  getRequest: { ...request, usage: null, priceVersion: null, lines: null },
  listMembers: page({ ...olivia, role: 'owner', joinedAt: at, isYou: true }),
  listInvitations: page({
    ...{ id: requestId, email: 'grace@orgn.test', role: 'admin', status: 'pending', invitedBy: olivia },
    ...{ createdAt: at, expiresAt: at },
  }),
  getBilling: {
    balance: { ...balance, fundsNanoUsd: '25000000000', heldNanoUsd: '1000000000', availableNanoUsd: '24000000000' },
    burn: { dayNanoUsd: '1000000000', weekNanoUsd: '14000000000', daysLeft: 12.3 },
    terms: { minUsd: '5', maxUsd: '10000' },
    payments: [payment],
  },
  openPayment: payment,
  cancelPayment: { ...payment, state: 'expired', url: null },
  listAlerts: {
    percents: [50, 80, 100],
    alerts: [
      {
        ...{
          id: '3',
          teamId,
          kind: 'balance',
          subject: '',
          period: 'total',
          percent: 80,
          openedAt: at,
          closedAt: null,
        },
        ...{ limitNanoUsd: '125000000000', usedNanoUsd: '100000000000' },
      },
    ],
  },
  setAlerts: { percents: [90] },
  listBudgets: {
    team: { limit: '25.00', isSoft: false, spentNanoUsd: '2000000000', heldNanoUsd: nothing },
    members: [],
    ...{ resetsAt: '2026-12-01T00:00:00.000Z', keysSeeBalance: false },
  },
  setTeamBudget: { limit: '30', isSoft: true, spentNanoUsd: '1000000000', heldNanoUsd: nothing },
  listMoney: page({
    ...{ id: '7', at, kind: 'top_up', debit: 'outside', credit: 'funds', amountNanoUsd: '25000000000' },
    ...{ reason: 'Paid in', actor: 'stripe', reference: 'pi_1' },
  }),
  listAudit: page({
    ...{ id: requestId, at, actor: { kind: 'user', id: userId, name: olivia.name }, action: 'key.created' },
    ...{ object: { kind: 'key', id: keyId }, before: null, after: { name: key.name }, client: null },
  }),
  listServices: {
    data: [
      {
        ...{ service: 'auth', instance: 'auth-1', version: '0.1.0', startedAt: at, heardAt: at, state: 'unwell' },
        ...{ faults: { postgres: 'failing' }, loopLagMs: 12, backlog: { messages: 7, oldestSeconds: 90 } },
      },
    ],
  },
  listRouters: {
    data: [
      {
        ...{ router: 'router-1', catalogueVersion: 'v1', takesUnverified: true },
        providers: [{ provider: 'near', health: 'failing', circuit: 'open' }],
        unanswered: ['pck_crl'],
      },
    ],
  },
  getCatalogue: { version: 'v1', createdAt: at, models: [model], routers: [{ router: 'router-1', version: 'v2' }] },
  getDeploymentUsage: report,
  listAllTeams: page(standing),
  listMeasurements: { data: [measurement] },
  approveMeasurement: { ...measurement, state: 'approved', decidedBy: olivia.name, decidedAt: at },
};

/** Answers that have nothing in them, where an answer can. */
export const emptyReplies: Record<string, unknown> = {
  ...{ listKeys: page(), listInvitations: page(), listAudit: page(), listAllTeams: page() },
  ...{ listServices: { data: [] }, listRouters: { data: [] }, listMeasurements: { data: [] } },
  getBilling: {
    ...(replies.getBilling as object),
    ...{ balance, payments: [], burn: { dayNanoUsd: nothing, weekNanoUsd: nothing, daysLeft: null } },
  },
  listMoney: page(),
  listRequests: { ...page(), completeUntil: null, counted: [] },
  listModels: { ...(replies.listModels as object), data: [], executions: [], keys: [] },
  getUsage: { ...report, total: { ...sums, requests: 0 }, groups: [], series: [] },
  getDeploymentUsage: { ...report, total: { ...sums, requests: 0 }, groups: [], series: [] },
};

/** Every route that pages read. */
export const reads: readonly ConsoleRoute[] = consoleRoutes.filter(({ name }) => name in replies);
