import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../config.ts';
import { SecretCookie } from './secret-cookie.ts';

/** The cookie that makes a browser signed in. */
@Injectable()
export class SessionCookie extends SecretCookie {
  constructor(config: AuthConfig) {
    super('session', config.CONSOLE_URL);
  }
}
