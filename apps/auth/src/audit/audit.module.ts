import { Global, Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.ts';
import { AuditController } from './audit.controller.ts';
import { AuditLog } from './audit-log.ts';
import { AuditRepository } from './audit.repository.ts';
import { AuditService } from './audit.service.ts';

/** Global, because every change has its entry. */
@Global()
@Module({
  imports: [UsersModule],
  controllers: [AuditController],
  providers: [AuditRepository, AuditService, { provide: AuditLog, useExisting: AuditRepository }],
  exports: [AuditRepository, AuditLog],
})
export class AuditModule {}
