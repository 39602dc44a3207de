import { Module } from '@nestjs/common';
import { RosterModule } from '../members/roster.module.ts';
import { RateLimits } from './rate-limits.ts';

/** What the guards of teams and limits stand on. */
@Module({ imports: [RosterModule], providers: [RateLimits], exports: [RateLimits, RosterModule] })
export class PermissionsModule {}
