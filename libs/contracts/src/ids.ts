import { z } from 'zod';

/** A team: `team_` and 3 to 60 of `[a-z0-9_-]`. */
export const teamId = z
  .string()
  .regex(/^team_[a-z0-9_-]{3,60}$/, 'must look like team_… in lower case')
  .brand<'TeamId'>();
export type TeamId = z.output<typeof teamId>;

/** A person who has signed in: `user_` and 32 hexadecimal digits of a UUIDv7. */
export const userId = z
  .string()
  .regex(/^user_[0-9a-f]{32}$/, 'must look like user_ and 32 hexadecimal digits')
  .brand<'UserId'>();
export type UserId = z.output<typeof userId>;

/** An API key's public name: `key_` and 32 hexadecimal digits of a UUIDv7. Never the secret. */
export const keyId = z
  .string()
  .regex(/^key_[0-9a-f]{32}$/, 'must look like key_ and 32 hexadecimal digits')
  .brand<'KeyId'>();
export type KeyId = z.output<typeof keyId>;

/** One call at the edge: a UUIDv7 minted by the gateway, never taken from a caller. */
export const requestId = z.uuidv7().brand<'RequestId'>();
export type RequestId = z.output<typeof requestId>;
