import type { UserId } from '@orgn/contracts';
import { v7 as uuidv7 } from 'uuid';

/** A new person's id: time-ordered, so that it says when they came. */
export function newUserId(): UserId {
  return `user_${uuidv7().replaceAll('-', '')}` as UserId;
}
