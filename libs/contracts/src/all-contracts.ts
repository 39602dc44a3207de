import * as accounts from './accounts.ts';
import * as admission from './admission.ts';
import * as alerts from './alerts.ts';
import * as attestations from './attestations.ts';
import * as audit from './audit.ts';
import * as billing from './billing.ts';
import * as budgets from './budgets.ts';
import type { Contract } from './contract.ts';
import * as formerUsage from './former-usage.ts';
import * as grants from './grants.ts';
import * as holds from './holds.ts';
import * as idempotency from './idempotency.ts';
import * as inference from './inference.ts';
import * as instances from './instances.ts';
import * as issueKey from './keys/issue-key.ts';
import * as limits from './limits.ts';
import * as manageKeys from './keys/manage-keys.ts';
import * as verifyKey from './keys/verify-key.ts';
import * as measurements from './measurements.ts';
import * as models from './models.ts';
import * as payments from './payments.ts';
import * as people from './people.ts';
import * as receipts from './receipts.ts';
import * as reports from './reports.ts';
import * as running from './running.ts';
import * as schemas from './schemas.ts';
import * as serviceWords from './services.ts';
import * as streams from './streams.ts';
import * as teams from './teams.ts';
import * as teeDemands from './tee-demands.ts';
import * as transparency from './transparency.ts';
import * as usage from './usage.ts';

const files: object[] = [
  accounts,
  ...[alerts, attestations, audit, billing, budgets],
  ...[
    admission,
    formerUsage,
    grants,
    holds,
    idempotency,
    inference,
    instances,
    issueKey,
    limits,
    manageKeys,
    verifyKey,
  ],
  ...[measurements, models, payments, people, receipts, reports, running, schemas, serviceWords, streams],
  ...[teams, teeDemands, transparency, usage],
];

/** Everything that may be said on the bus: the permissions of its users are made of this list. */
export const allContracts: readonly Contract[] = files
  .flatMap((file): unknown[] => Object.values(file))
  .filter(isContract);

function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'subject' in value && 'kind' in value;
}
