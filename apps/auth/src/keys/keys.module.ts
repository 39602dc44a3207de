import { Module } from '@nestjs/common';
import { MailModule } from '../mail/mail.module.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { TeamKeysModule } from '../team-keys/team-keys.module.ts';
import { UsersModule } from '../users/users.module.ts';
import { BusKeysController } from './bus-keys.controller.ts';
import { Granting } from './granting.ts';
import { KeyActivityController } from './key-activity.controller.ts';
import { KeyActivityService } from './key-activity.service.ts';
import { KeyChangesService } from './key-changes.service.ts';
import { KeyCreationService } from './key-creation.service.ts';
import { KeyEntries } from './key-entries.ts';
import { KeyMaker } from './key-maker.ts';
import { KeyRotationService } from './key-rotation.service.ts';
import { KeysController } from './keys.controller.ts';
import { KeysService } from './keys.service.ts';
import { OperatorsKeysService } from './operators-keys.service.ts';
import { ShownKeys } from './shown-keys.ts';
import { SurrenderService } from './surrender.service.ts';

@Module({
  imports: [MailModule, RosterModule, SessionsModule, TeamKeysModule, UsersModule],
  controllers: [BusKeysController, KeyActivityController, KeysController],
  providers: [
    Granting,
    KeyActivityService,
    KeyChangesService,
    KeyCreationService,
    KeyEntries,
    KeyMaker,
    KeyRotationService,
    KeysService,
    OperatorsKeysService,
    ShownKeys,
    SurrenderService,
  ],
  exports: [KeyEntries],
})
export class KeysModule {}
