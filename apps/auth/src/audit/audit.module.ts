import { Global, Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.ts';
import { AuditChainsRepository } from './audit-chains.repository.ts';
import { AuditChainsService } from './audit-chains.service.ts';
import { AuditController } from './audit.controller.ts';
import { AuditHeads } from './audit-heads.ts';
import { AuditLog } from './audit-log.ts';
import { AuditRepository } from './audit.repository.ts';
import { AuditService } from './audit.service.ts';
import { BusAuditController } from './bus-audit.controller.ts';

/** Global, because every change has its entry. */
@Global()
@Module({
  imports: [UsersModule],
  controllers: [AuditController, BusAuditController],
  providers: [
    ...[AuditChainsRepository, AuditChainsService, AuditHeads, AuditRepository, AuditService],
    { provide: AuditLog, useExisting: AuditRepository },
  ],
  exports: [AuditRepository, AuditLog],
})
export class AuditModule {}
