import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { SignInModule } from '../sign-in/sign-in.module.ts';
import { BackchannelLogoutService } from './backchannel-logout.service.ts';
import { LogoutController } from './logout.controller.ts';
import { LogoutService } from './logout.service.ts';
import { LogoutTokens } from './logout-tokens.client.ts';
import { SeenLogoutTokenEntity } from './seen-logout-token.entity.ts';
import { SeenLogoutTokensRepository } from './seen-logout-tokens.repository.ts';
import { Ephemera, Sweeper } from './sweeper.ts';

@Module({
  imports: [TypeOrmModule.forFeature([SeenLogoutTokenEntity]), SessionsModule, SignInModule],
  controllers: [LogoutController],
  providers: [BackchannelLogoutService, Ephemera, LogoutService, LogoutTokens, SeenLogoutTokensRepository, Sweeper],
})
export class LogoutModule {}
