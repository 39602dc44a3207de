import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config.ts';
import { SecretCookie } from '../sessions/secret-cookie.ts';

/** How long somebody may take at the provider. */
export const PENDING_SECONDS = 600;
/** How long a browser and we remember a sign-in, so that who comes late is told so and sent on to where they were going. */
export const REMEMBERED_SECONDS = 86_400;

/**
 * The cookie that binds a sign-in to the browser that began it: otherwise a link could sign somebody in as its sender.
 * All tabs of a browser share it.
 */
@Injectable()
export class SignInCookie extends SecretCookie {
  constructor(config: AuthConfig) {
    super('sign_in', config.CONSOLE_URL);
  }
}
