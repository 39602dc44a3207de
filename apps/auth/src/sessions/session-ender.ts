import type { UserId } from '@orgn/contracts';

export abstract class SessionEnder {
  abstract endAllOf(userId: UserId, except?: string): Promise<number>;
}
