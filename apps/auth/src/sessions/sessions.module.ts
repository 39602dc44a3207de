import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionCookie } from './session-cookie.ts';
import { SessionEnder } from './session-ender.ts';
import { SessionGrants } from './session-grants.ts';
import { SessionEntity } from './session.entity.ts';
import { SessionViewService } from './session-view.service.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';
import { StepUpService } from './step-up.service.ts';

@Module({
  imports: [TypeOrmModule.forFeature([SessionEntity])],
  controllers: [SessionsController],
  providers: [
    SessionCookie,
    SessionGrants,
    SessionsRepository,
    SessionsService,
    SessionViewService,
    StepUpService,
    { provide: SessionEnder, useExisting: SessionsService },
  ],
  exports: [SessionCookie, SessionEnder, SessionsRepository, SessionsService, StepUpService],
})
export class SessionsModule {}
