import { Module } from '@nestjs/common';
import { RateLimits } from './rate-limits.ts';

/** What the guard of limits stands on. */
@Module({ providers: [RateLimits], exports: [RateLimits] })
export class PermissionsModule {}
