import { CreateApiKeys1795300000000 } from './1795300000000-create-api-keys.ts';
import { AddOwnersRotationAndStandings1795500000000 } from './1795500000000-add-owners-rotation-and-standings.ts';
import { SayHowKeysWereUsed1796200000000 } from './1796200000000-say-how-keys-were-used.ts';
import { IssueGrants1796400000000 } from './1796400000000-issue-grants.ts';
import { LimitMonthsAndConcurrency1797000000000 } from './1797000000000-limit-months-and-concurrency.ts';
import { LetGrantsStandForKeys1797800000000 } from './1797800000000-let-grants-stand-for-keys.ts';
import { DemandOfEnclaves1797900000000 } from './1797900000000-demand-of-enclaves.ts';

/** Every change of the schema `key_registry`, oldest first. */
export const migrations = [
  CreateApiKeys1795300000000,
  AddOwnersRotationAndStandings1795500000000,
  SayHowKeysWereUsed1796200000000,
  IssueGrants1796400000000,
  LimitMonthsAndConcurrency1797000000000,
  LetGrantsStandForKeys1797800000000,
  DemandOfEnclaves1797900000000,
];

export { shape } from './shape.ts';
