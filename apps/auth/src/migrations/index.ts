import { CreateTeams1795300000000 } from './1795300000000-create-teams.ts';
import { CreateUsers1795400000000 } from './1795400000000-create-users.ts';
import { CreateSessions1795500000000 } from './1795500000000-create-sessions.ts';
import { CreatePendingSignIns1795510000000 } from './1795510000000-create-pending-sign-ins.ts';
import { CreateSeenLogoutTokens1795520000000 } from './1795520000000-create-seen-logout-tokens.ts';
import { GrowTeams1795600000000 } from './1795600000000-grow-teams.ts';
import { CreateAuditEntries1795600100000 } from './1795600100000-create-audit-entries.ts';
import { CreateLeakReports1795600200000 } from './1795600200000-create-leak-reports.ts';
import { KeepAnsweredSignIns1795700000000 } from './1795700000000-keep-answered-sign-ins.ts';
import { ChainAuditEntries1796000000000 } from './1796000000000-chain-audit-entries.ts';
import { InviteOwners1796100000000 } from './1796100000000-invite-owners.ts';
import { CountDays1796100100000 } from './1796100100000-count-days.ts';
import { KnowOperators1796500000000 } from './1796500000000-know-operators.ts';
import { ForgetPeople1796500100000 } from './1796500100000-forget-people.ts';

/** Every change of the schema `auth`, oldest first. */
export const migrations = [
  CreateTeams1795300000000,
  CreateUsers1795400000000,
  CreateSessions1795500000000,
  CreatePendingSignIns1795510000000,
  CreateSeenLogoutTokens1795520000000,
  GrowTeams1795600000000,
  CreateAuditEntries1795600100000,
  CreateLeakReports1795600200000,
  KeepAnsweredSignIns1795700000000,
  ChainAuditEntries1796000000000,
  InviteOwners1796100000000,
  CountDays1796100100000,
  KnowOperators1796500000000,
  ForgetPeople1796500100000,
];

export { shape } from './shape.ts';
