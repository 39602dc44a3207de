import { Module } from '@nestjs/common';
import { TeamKeys } from './team-keys.ts';

@Module({ providers: [TeamKeys], exports: [TeamKeys] })
export class TeamKeysModule {}
