import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import { SchemaWatch, serviceDatabase } from '@orgn/database';
import { Health, schemaReport } from '@orgn/service-kit';
import type { DataSource } from 'typeorm';
import { AlertsModule } from './alerts/alerts.module.ts';
import { ApiDocsController } from './api-docs/api-docs.controller.ts';
import { AuditEntryEntity } from './audit/audit-entry.entity.ts';
import { AccountsModule } from './accounts/accounts.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { BillingModule } from './billing/billing.module.ts';
import { BudgetsModule } from './budgets/budgets.module.ts';
import { AuthConfig } from './config.ts';
import { ConsoleErrorFilter } from './console/console-error.filter.ts';
import { CrossSiteGuard } from './console/cross-site.guard.ts';
import { SessionGuard } from './sessions/session.guard.ts';
import { OperatorGuard } from './sessions/operator.guard.ts';
import { StepUpGuard } from './sessions/step-up.guard.ts';
import { DatabaseModule } from './database/database.module.ts';
import { InvitationEntity } from './invitations/invitation.entity.ts';
import { InvitationsModule } from './invitations/invitations.module.ts';
import { KeysModule } from './keys/keys.module.ts';
import { MembersModule } from './members/members.module.ts';
import { ModelsModule } from './models/models.module.ts';
import { MembershipEntity } from './roster/membership.entity.ts';
import { LeakReportEntity } from './leaks/leak-report.entity.ts';
import { LeaksModule } from './leaks/leaks.module.ts';
import { LogoutModule } from './logout/logout.module.ts';
import { SeenLogoutTokenEntity } from './logout/seen-logout-token.entity.ts';
import { DeploymentController } from './api-docs/deployment.controller.ts';
import { HealthController } from './pages/health.controller.ts';
import { MembershipGuard } from './roster/membership.guard.ts';
import { migrations, shape } from './migrations/index.ts';
import { OperatorsModule } from './operators/operators.module.ts';
import { PeopleModule } from './people/people.module.ts';
import { PlaygroundModule } from './playground/playground.module.ts';
import { PermissionsModule } from './permissions/permissions.module.ts';
import { NetworkLimitGuard } from './permissions/network-limit.guard.ts';
import { RateLimitGuard } from './permissions/rate-limit.guard.ts';
import { ReceiptsModule } from './receipts/receipts.module.ts';
import { RosterModule } from './roster/roster.module.ts';
import { SessionEntity } from './sessions/session.entity.ts';
import { SessionsModule } from './sessions/sessions.module.ts';
import { PendingSignInEntity } from './sign-in/pending-sign-in.entity.ts';
import { SignInModule } from './sign-in/sign-in.module.ts';
import { TeamEntity } from './roster/team.entity.ts';
import { TeamsModule } from './teams/teams.module.ts';
import { UsageModule } from './usage/usage.module.ts';
import { UserEntity } from './users/user.entity.ts';

const entities = [
  AuditEntryEntity,
  InvitationEntity,
  LeakReportEntity,
  MembershipEntity,
  PendingSignInEntity,
  SeenLogoutTokenEntity,
  SessionEntity,
  TeamEntity,
  UserEntity,
];

@Module({
  imports: [
    serviceDatabase(AuthConfig, entities, { expected: { migrations, shape } }),
    DatabaseModule,
    AccountsModule,
    AlertsModule,
    AuditModule,
    BillingModule,
    BudgetsModule,
    InvitationsModule,
    KeysModule,
    LeaksModule,
    LogoutModule,
    MembersModule,
    ModelsModule,
    OperatorsModule,
    PeopleModule,
    PermissionsModule,
    PlaygroundModule,
    RosterModule,
    SessionsModule,
    SignInModule,
    TeamsModule,
    UsageModule,
    ReceiptsModule,
  ],
  controllers: [ApiDocsController, DeploymentController, HealthController],
  providers: [
    schemaReport('auth', SchemaWatch),
    { provide: APP_FILTER, useClass: ConsoleErrorFilter },
    // Guards run in this order: each may rely on what the ones before it found.
    { provide: APP_GUARD, useClass: NetworkLimitGuard },
    { provide: APP_GUARD, useClass: CrossSiteGuard },
    { provide: APP_GUARD, useClass: SessionGuard },
    { provide: APP_GUARD, useClass: OperatorGuard },
    { provide: APP_GUARD, useClass: StepUpGuard },
    { provide: APP_GUARD, useClass: MembershipGuard },
    { provide: APP_GUARD, useClass: RateLimitGuard },
  ],
})
export class AuthModule {
  constructor(health: Health, @InjectDataSource() database: DataSource) {
    health.add('postgres', async () => {
      await database.query('SELECT 1');
    });
  }
}
