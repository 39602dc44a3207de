import { CSRF_HEADER } from '@orgn/console-api';
import type { UserId } from '@orgn/contracts';
import { startBackbone, type Backbone, type TestSchema, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { AuditLog, type AuditEntry } from '../audit/audit-log.ts';
import { migrations } from '../migrations/index.ts';
import { authService } from '../service.ts';
import { hashOf, newBrowserSecret } from '../sessions/browser-secret.ts';
import { SecretCookie } from '../sessions/secret-cookie.ts';
import { newUserId } from '../users/user-id.ts';
import { authSettings } from './auth-settings.ts';

export interface Person {
  userId: UserId;
  sessionId: string;
  /** The `cookie` header of their browser. */
  cookie: string;
}

type AddressesOfHost = Record<'CONSOLE_URL' | 'OIDC_ISSUER', string>;

/** An auth service on a real Postgres and NATS, and rows that make somebody signed in without an identity provider. */
export class AuthHost {
  static async start(more: Record<string, string> = {}, others: readonly TestSchema[] = []): Promise<AuthHost> {
    const backbone = await startBackbone([{ name: 'auth', migrations }, ...others]);
    const settings = await authSettings(more);
    const parts = { instance: 'auth-1', schema: 'auth', servesHttp: true, more: settings };
    const service = await backbone.start(authService, parts);
    const database = new Client({ connectionString: backbone.postgres.urlOf('auth') });
    // A test may crash Postgres under this connection.
    database.on('error', () => undefined);
    await database.connect();
    return new AuthHost(backbone, service, database, settings as unknown as AddressesOfHost);
  }

  /** Origin of the console host. */
  readonly url: string;
  readonly #issuer: string;

  /** Every audit entry that was written, oldest first. */
  readonly audit: AuditEntry[] = [];

  private constructor(
    readonly backbone: Backbone,
    readonly service: TestService,
    /** As the role of the service. */
    readonly database: Client,
    settings: AddressesOfHost,
  ) {
    this.url = settings.CONSOLE_URL;
    this.#issuer = settings.OIDC_ISSUER;
    const log = service.app.get(AuditLog, { strict: false });
    const record = log.record.bind(log);
    log.record = (entry, manager) => {
      this.audit.push(entry);
      return record(entry, manager);
    };
  }

  /** Another process of the same service, with settings of its own; answers its origin. */
  async another(more: Record<string, string>): Promise<string> {
    const settings = await authSettings(more);
    const parts = { instance: 'auth-2', schema: 'auth', servesHttp: true, more: settings };
    await this.backbone.start(authService, parts);
    return settings.CONSOLE_URL!;
  }

  async stop(): Promise<void> {
    await this.database.end().catch(() => undefined);
    await this.backbone.stop();
  }

  /** Somebody new who is signed in; or somebody who is there already, in another browser. */
  async person(
    from: { email?: string; isEmailVerified?: boolean; userId?: UserId; operates?: string } = {},
  ): Promise<Person> {
    const { email = 'somebody@orgn.test', isEmailVerified = true } = from;
    const userId = from.userId ?? newUserId();
    await this.database.query(
      `INSERT INTO users (id, iss, sub, email, email_verified, name) VALUES ($1, $5, $2, $3, $4, 'Some Body')
       ON CONFLICT DO NOTHING`,
      [userId, userId, email, isEmailVerified, this.#issuer],
    );
    const secret = newBrowserSecret();
    const sessionId = `session_${newUserId().slice('user_'.length)}`;
    await this.database.query(
      `INSERT INTO sessions (id, secret_hash, user_id, iss, sub, sid, authenticated_at, client_user_agent, operator_groups)
       VALUES ($1, $2, $3, $5, $3, $4, now(), 'browser', $6)`,
      [
        sessionId,
        hashOf(secret),
        userId,
        `sid-${sessionId}`,
        this.#issuer,
        from.operates === undefined ? [] : [from.operates],
      ],
    );
    const { name } = new SecretCookie('session', this.url);
    return { userId, sessionId, cookie: `${name}=${secret}` };
  }

  /** Calls the console API as its own page does. */
  call(
    person: Pick<Person, 'cookie'> | undefined,
    method: string,
    path: string,
    init: { body?: object; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(person && { cookie: person.cookie }),
        [CSRF_HEADER]: '1',
        'content-type': 'application/json',
        ...init.headers,
      },
      ...(init.body && { body: JSON.stringify(init.body) }),
    });
  }
}
