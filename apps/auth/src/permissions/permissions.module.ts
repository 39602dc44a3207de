import { Global, Module } from '@nestjs/common';
import { Strangers } from '../console/strangers.ts';
import { DailyLimits } from './daily-limits.ts';
import { Forgeries } from './forgeries.ts';
import { RateLimits } from './rate-limits.ts';

/** What guards of limits stand on. Global: whatever strangers reach counts them. */
@Global()
@Module({
  providers: [DailyLimits, Forgeries, RateLimits, Strangers],
  exports: [DailyLimits, Forgeries, RateLimits, Strangers],
})
export class PermissionsModule {}
