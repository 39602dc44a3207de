import type { UserId } from '@orgn/contracts';
import { Column, CreateDateColumn, Entity, PrimaryColumn } from 'typeorm';

/** A row of users: somebody who has signed in, or was enrolled before. Identity is iss + sub, never the address. */
@Entity({ name: 'users' })
export class UserEntity {
  @PrimaryColumn({ type: 'text' })
  id!: UserId;

  @Column({ type: 'text' })
  iss!: string;

  @Column({ type: 'text' })
  sub!: string;

  @Column({ type: 'text' })
  email!: string;

  @Column({ type: 'boolean', name: 'email_verified' })
  isEmailVerified!: boolean;

  @Column({ type: 'text' })
  name!: string;

  @CreateDateColumn({ type: 'timestamptz', name: 'created_at' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', name: 'last_signed_in_at', nullable: true })
  lastSignedInAt!: Date | null;
}
