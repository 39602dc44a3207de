import type { ConsoleRoute } from '../route.ts';
import { accountRoutes } from './account-routes.ts';
import { alertRoutes } from './alert-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { billingRoutes } from './billing-routes.ts';
import { budgetRoutes } from './budget-routes.ts';
import { getDeployment } from './deployment.ts';
import { enclaveRoutes } from './enclave-routes.ts';
import { invitationRoutes } from './invitation-routes.ts';
import { keyRoutes } from './key-routes.ts';
import { measurementRoutes } from './measurement-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { modelRoutes } from './model-routes.ts';
import { operatorRoutes } from './operator-routes.ts';
import { playgroundRoutes } from './playground-routes.ts';
import { receiptRoutes } from './receipt-routes.ts';
import { requestRoutes } from './request-routes.ts';
import { sessionRoutes } from './session.ts';
import { teamRoutes } from './team-routes.ts';
import { usageRoutes } from './usage-routes.ts';

export * from './account-routes.ts';
export * from './alert-routes.ts';
export * from './audit-routes.ts';
export * from './billing-routes.ts';
export * from './budget-routes.ts';
export * from './deployment.ts';
export * from './enclave-routes.ts';
export * from './invitation-routes.ts';
export * from './key-routes.ts';
export * from './measurement-routes.ts';
export * from './member-routes.ts';
export * from './model-routes.ts';
export * from './operator-routes.ts';
export * from './person.ts';
export * from './playground-routes.ts';
export * from './receipt-routes.ts';
export * from './request-routes.ts';
export * from './session.ts';
export * from './team-routes.ts';
export * from './usage-routes.ts';

/** Every route of the console API: what documentation describes and tests walk. */
export const consoleRoutes: readonly ConsoleRoute[] = [
  ...sessionRoutes,
  getDeployment,
  ...[
    teamRoutes,
    enclaveRoutes,
    memberRoutes,
    invitationRoutes,
    keyRoutes,
    modelRoutes,
    playgroundRoutes,
    usageRoutes,
    requestRoutes,
    receiptRoutes,
    auditRoutes,
    billingRoutes,
    alertRoutes,
    budgetRoutes,
    operatorRoutes,
    measurementRoutes,
    accountRoutes,
  ].flatMap((routes) => Object.values<ConsoleRoute>(routes)),
];
