import { Module } from '@nestjs/common';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { serviceDatabase } from '@orgn/database';
import { Health } from '@orgn/service-kit';
import type { DataSource } from 'typeorm';
import { KeyRegistryConfig } from './config.ts';
import { KeyEntity } from './keys/key.entity.ts';
import { KeyUpkeep } from './keys/key-upkeep.ts';
import { KeysController } from './keys/keys.controller.ts';
import { KeysRepository } from './keys/keys.repository.ts';
import { KeysService } from './keys/keys.service.ts';

@Module({
  imports: [serviceDatabase(KeyRegistryConfig, [KeyEntity]), TypeOrmModule.forFeature([KeyEntity])],
  controllers: [KeysController],
  providers: [KeysService, KeyUpkeep, KeysRepository],
})
export class KeyRegistryModule {
  constructor(health: Health, @InjectDataSource() database: DataSource) {
    health.add('postgres', async () => {
      await database.query('SELECT 1');
    });
  }
}
