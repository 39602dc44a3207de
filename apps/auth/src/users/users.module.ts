import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { KnownPeople } from './known-people.ts';
import { People } from './people.ts';
import { UserEntity } from './user.entity.ts';
import { UsersRepository } from './users.repository.ts';

@Module({
  imports: [TypeOrmModule.forFeature([UserEntity])],
  providers: [KnownPeople, People, UsersRepository],
  exports: [KnownPeople, People, UsersRepository],
})
export class UsersModule {}
