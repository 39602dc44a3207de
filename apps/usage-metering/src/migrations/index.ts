import { CreateUsageRows1795300000000 } from './1795300000000-create-usage-rows.ts';
import { CreateIdempotency1795500000000 } from './1795500000000-create-idempotency.ts';
import { KeepHonestRows1795800000000 } from './1795800000000-keep-honest-rows.ts';
import { SayWhoListedPrices1795900000000 } from './1795900000000-say-who-listed-prices.ts';
import { TakeReturnedWords1796300000000 } from './1796300000000-take-returned-words.ts';
import { RollUsageUp1796400000000 } from './1796400000000-roll-usage-up.ts';
import { KeepRefusals1796400100000 } from './1796400100000-keep-refusals.ts';
import { KeepBooks1796500000000 } from './1796500000000-keep-books.ts';
import { BookMoney1796500100000 } from './1796500100000-book-money.ts';
import { KeepPriceVersions1796500200000 } from './1796500200000-keep-price-versions.ts';
import { HoldMoney1796700000000 } from './1796700000000-hold-money.ts';
import { WarnOfBudgets1797000100000 } from './1797000100000-warn-of-budgets.ts';
import { RaiseAlerts1797500000000 } from './1797500000000-raise-alerts.ts';
import { TakePayments1797200000000 } from './1797200000000-take-payments.ts';
import { KeepPartsOfUsage1797300000000 } from './1797300000000-keep-parts-of-usage.ts';
import { SayThatReceiptsAreDue1797600000000 } from './1797600000000-say-that-receipts-are-due.ts';
import { LetOwnersGo1797700000000 } from './1797700000000-let-owners-go.ts';
import { RememberWhatWasTaken1797900000000 } from './1797900000000-remember-what-was-taken.ts';
import { SumRowsUpOnce1798000000000 } from './1798000000000-sum-rows-up-once.ts';
import { KeepShardsUntilTaken1798100000000 } from './1798100000000-keep-shards-until-taken.ts';

/** Every change of the schema `usage_metering`, oldest first. */
export const migrations = [
  CreateUsageRows1795300000000,
  CreateIdempotency1795500000000,
  KeepHonestRows1795800000000,
  SayWhoListedPrices1795900000000,
  TakeReturnedWords1796300000000,
  RollUsageUp1796400000000,
  KeepRefusals1796400100000,
  KeepBooks1796500000000,
  BookMoney1796500100000,
  KeepPriceVersions1796500200000,
  HoldMoney1796700000000,
  WarnOfBudgets1797000100000,
  TakePayments1797200000000,
  KeepPartsOfUsage1797300000000,
  RaiseAlerts1797500000000,
  SayThatReceiptsAreDue1797600000000,
  LetOwnersGo1797700000000,
  RememberWhatWasTaken1797900000000,
  SumRowsUpOnce1798000000000,
  KeepShardsUntilTaken1798100000000,
];

export { shape } from './shape.ts';
