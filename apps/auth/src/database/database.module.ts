import { Global, Module } from '@nestjs/common';
import { AuthDatabase } from './auth-database.ts';

@Global()
@Module({ providers: [AuthDatabase], exports: [AuthDatabase] })
export class DatabaseModule {}
