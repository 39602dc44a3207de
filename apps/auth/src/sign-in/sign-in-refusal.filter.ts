import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditLog } from '../audit/audit-log.ts';
import { AuthConfig } from '../config.ts';
import { toClientContext } from '../console/client-context.ts';
import { Strangers } from '../console/strangers.ts';
import { errorPage } from '../pages/error-page.ts';
import { explanations } from './explanations.ts';
import { toFault } from './fault.ts';
import { SignInRefusal, type Attempt } from './sign-in-refusal.ts';

/**
 * Ends a failed sign-in in a page with a way on, and writes down that it failed and why: in our words alone. What was
 * nobody's sign-in is counted only.
 */
@Catch(SignInRefusal)
export class SignInRefusalFilter implements ExceptionFilter<SignInRefusal> {
  constructor(
    private readonly log: ServiceLog,
    private readonly audit: AuditLog,
    private readonly strangers: Strangers,
    private readonly config: AuthConfig,
  ) {}

  async catch(refusal: SignInRefusal, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { reason, fault, cause } = refusal;
    const fields = { requestId: request.id, ...toFault(cause), ...fault };
    if (refusal.isOfSomebody) {
      this.log.warn('sign-in refused', { reason, ...fields }, cause);
      await this.#writeDown(refusal, request);
    } else this.strangers.count('sign_in', reason, 'sign-in refused', { fields, error: cause });
    const { status, title, detail } = explanations[refusal.reason];
    const { SIGN_UP_CONTACT: contact } = this.config;
    const more = reason === 'not_invited' && contact !== undefined ? ` Whom to ask: ${contact}.` : '';
    const page = errorPage({
      title,
      detail: detail + more,
      next: { href: toRetry(refusal.attempt), label: 'Try again' },
    });
    void http
      .getResponse<FastifyReply>()
      .status(status)
      .headers({ 'cache-control': 'no-store', 'content-type': 'text/html; charset=utf-8', 'x-request-id': request.id })
      .send(page);
  }

  /** The page is owed to the person whatever happens here. */
  async #writeDown({ reason }: SignInRefusal, request: FastifyRequest): Promise<void> {
    try {
      await this.audit.record({
        teamId: null,
        actor: { kind: 'system' },
        action: 'session.refused',
        object: { kind: 'session', id: request.id },
        after: { reason },
        client: toClientContext(request),
      });
    } catch (error) {
      this.log.error('refused sign-in not audited', error, { requestId: request.id });
    }
  }
}

function toRetry({ returnTo, isStepUp }: Attempt): string {
  const query = new URLSearchParams({ ...(isStepUp && { stepUp: '1' }), ...(returnTo !== '/' && { returnTo }) });
  const text = query.toString();
  return `/api/auth/login${text && `?${text}`}`;
}
