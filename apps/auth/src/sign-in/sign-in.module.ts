import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { UsersModule } from '../users/users.module.ts';
import { IdentityProvider } from './identity-provider.client.ts';
import { PendingSignInEntity } from './pending-sign-in.entity.ts';
import { PendingSignInsRepository } from './pending-sign-ins.repository.ts';
import { ProviderKeys } from './provider-keys.client.ts';
import { ProviderNetwork } from './provider-network.client.ts';
import { SignInController } from './sign-in.controller.ts';
import { SignInCookie } from './sign-in-cookie.ts';
import { Newcomers, SignInRepository } from './sign-in.repository.ts';
import { SignInService } from './sign-in.service.ts';
import { SignUp } from './sign-up.ts';
import { SignInStrategy } from './sign-in-strategy.client.ts';

@Module({
  imports: [TypeOrmModule.forFeature([PendingSignInEntity]), SessionsModule, UsersModule],
  controllers: [SignInController],
  providers: [
    IdentityProvider,
    Newcomers,
    ProviderKeys,
    ProviderNetwork,
    PendingSignInsRepository,
    SignInCookie,
    SignInRepository,
    SignInService,
    SignInStrategy,
    SignUp,
  ],
  exports: [IdentityProvider, ProviderKeys, PendingSignInsRepository],
})
export class SignInModule {}
