import type { EntityManager } from 'typeorm';
import type { UserEntity } from '../users/user.entity.ts';

/** What happens when somebody signs in for the first time: called by the sign-in, decided by the teams. */
export abstract class FirstSignIn {
  /** Prepares the person's place here, in the transaction that writes down their sign-in. */
  abstract welcome(user: UserEntity, manager: EntityManager): Promise<void>;
}
