import { Catch, Injectable, type ArgumentsHost } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import type { FastifyRequest } from 'fastify';
import { ConsoleErrorFilter } from '../console/console-error.filter.ts';
import { Strangers } from '../console/strangers.ts';
import { Forgeries } from '../permissions/forgeries.ts';
import { LogoutTokenRefusal } from './logout-token-refusal.ts';

/**
 * Writes down why the provider was not obeyed: it tells nobody, and somebody stays signed in whom it has signed out. Tokens
 * that the provider has not signed are strangers', and limited; so an honest provider never is, whatever its network sends.
 */
@Catch()
@Injectable()
export class LogoutRefusalFilter extends ConsoleErrorFilter {
  constructor(
    log: ServiceLog,
    private readonly forgeries: Forgeries,
    private readonly strangers: Strangers,
  ) {
    super(log);
  }

  override catch(thrown: unknown, host: ArgumentsHost): void {
    const line = 'logout token refused';
    if (thrown instanceof LogoutTokenRefusal && !thrown.isSigned) {
      super.catch(this.#count(thrown, { line, address: host.switchToHttp().getRequest<FastifyRequest>().ip }), host);
      return;
    }
    if (thrown instanceof LogoutTokenRefusal) this.log.warn(line, { reason: thrown.reason, ...thrown.fault }, thrown);
    // Whether it was the provider's could not be found out.
    else this.strangers.count('logout_token', 'unavailable', line, { error: thrown });
    super.catch(thrown, host);
  }

  /** What to answer: the refusal, or that there were too many. */
  #count(refusal: LogoutTokenRefusal, { line, address }: { line: string; address: string }): unknown {
    const { reason, fault } = refusal;
    try {
      this.forgeries.count({ attempt: 'logout_token', reason, line, fields: { ...fault }, error: refusal }, address);
      return refusal;
    } catch (tooOften) {
      return tooOften;
    }
  }
}
