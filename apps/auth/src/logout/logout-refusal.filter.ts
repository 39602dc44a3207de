import { Catch, type ArgumentsHost } from '@nestjs/common';
import { ConsoleErrorFilter } from '../console/console-error.filter.ts';
import { LogoutTokenRefusal } from './logout-token-refusal.ts';

/** Writes down why the provider was not obeyed: it tells nobody, and somebody stays signed in whom it has signed out. */
@Catch()
export class LogoutRefusalFilter extends ConsoleErrorFilter {
  override catch(thrown: unknown, host: ArgumentsHost): void {
    const known = thrown instanceof LogoutTokenRefusal ? { reason: thrown.reason, ...thrown.fault } : {};
    this.log.warn('logout token refused', known, thrown);
    super.catch(thrown, host);
  }
}
