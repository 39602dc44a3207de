import { keyRegistryService } from '@orgn/key-registry';
import { migrations as keyRegistryMigrations } from '@orgn/key-registry/migrations';
import {
  describeRouters,
  listModels,
  listReceiptKeys,
  readCheckpoint,
  readReceipt,
  type Model,
  type ReplyOf,
  type Role,
  type TeamId,
} from '@orgn/contracts';
import { playMeasurements } from './played-measurements.ts';
import { playResponder, type TestService } from '@orgn/testing';
import { Client } from 'pg';
import { AuthHost, type Person } from './auth-host.ts';
import { meteringSchema } from './metering.ts';

const RECORDING = 'auth.record_audit_entry';

export const roles = ['owner', 'admin', 'member', 'viewer'] as const satisfies Role[];

/** A team and somebody in each role of it. */
export type TestTeam = { id: TeamId } & Record<Role, Person>;

/** An answer of the console API. */
export interface Answer {
  status: number;
  body: Record<string, unknown> & { data: Record<string, unknown>[] };
  headers: Headers;
}

/** The auth service with the real key registry beside it, and teams to try them on. */
export class TeamHost {
  static async start(more: Record<string, string> = {}): Promise<TeamHost> {
    const registry = { name: 'key_registry', migrations: keyRegistryMigrations };
    const host = await AuthHost.start(more, [registry, meteringSchema]);
    return new TeamHost(host, await startRegistry(host));
  }

  #people = 0;

  private constructor(
    readonly auth: AuthHost,
    private registry: TestService,
  ) {}

  /** Plays a router with these models and no receipts, whose providers are what it says of them. */
  playRouters(models: readonly Model[] = [], word: Partial<ReplyOf<typeof describeRouters>> = {}): void {
    const { bus } = this.auth.backbone;
    const said = { router: 'router-1', catalogueVersion: 'v1', providers: {}, takesUnverified: true, ...word };
    playResponder(bus, listModels, () => ({
      version: 'v1',
      createdAt: new Date(0).toISOString(),
      models: [...models],
    }));
    playResponder(bus, describeRouters, () => said);
    playMeasurements(bus);
    playResponder(bus, listReceiptKeys, () => ({ keys: [] }));
    playResponder(bus, readCheckpoint, () => ({ checkpoint: null, size: 0 }));
    playResponder(bus, readReceipt, () => ({ isThere: false, receipt: null, bundle: null, signature: null }));
  }

  stop(): Promise<void> {
    return this.auth.stop();
  }

  stopRegistry(): Promise<void> {
    return this.auth.backbone.end(this.registry);
  }

  async startRegistry(): Promise<void> {
    this.registry = await startRegistry(this.auth);
  }

  /** Somebody with an address of their own. */
  person(from: { email?: string; isEmailVerified?: boolean } = {}): Promise<Person> {
    this.#people += 1;
    return this.auth.person({ email: `person-${this.#people}@orgn.test`, ...from });
  }

  async team(): Promise<TestTeam> {
    const people = {
      owner: await this.person(),
      admin: await this.person(),
      member: await this.person(),
      viewer: await this.person(),
    };
    const { body } = await this.call(people.owner, 'POST', '/api/teams', { name: 'Acme' });
    const team = { id: body.id as TeamId, ...people };
    for (const role of ['admin', 'member', 'viewer'] as const) await this.join(team, team[role], role);
    return team;
  }

  /** Puts somebody into a team without inviting them. */
  async join({ id }: { id: TeamId }, { userId }: Person, role: Role): Promise<void> {
    await this.auth.database.query('INSERT INTO memberships (team_id, user_id, role) VALUES ($1, $2, $3)', [
      id,
      userId,
      role,
    ]);
  }

  /** Makes their sign-in an hour old. */
  async age({ sessionId }: Person): Promise<void> {
    await this.auth.database.query(`UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE id = $1`, [
      sessionId,
    ]);
  }

  async call(person: Person | undefined, method: string, path: string, body?: object): Promise<Answer> {
    const response = await this.auth.call(person, method, path, body ? { body } : {});
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') && text;
    return {
      status: response.status,
      body: (isJson ? JSON.parse(text) : {}) as Answer['body'],
      headers: response.headers,
    };
  }

  /** Makes a key, as somebody. @returns its id and secret */
  async key(team: TestTeam, maker: Person = team.owner, settings: object = {}): Promise<{ id: string; key: string }> {
    this.#people += 1;
    const { status, body } = await this.call(maker, 'POST', `/api/teams/${team.id}/keys`, {
      name: `key ${this.#people}`,
      ...settings,
    });
    if (status !== 201) throw new Error(`no key was made: ${status} ${JSON.stringify(body)}`);
    return body as unknown as { id: string; key: string };
  }

  /** Does work while nothing can be written to the audit log. */
  async withoutAudit<T>(work: () => Promise<T>): Promise<T> {
    await this.#asAdmin(`REVOKE EXECUTE ON FUNCTION ${RECORDING} FROM auth`);
    try {
      return await work();
    } finally {
      await this.#asAdmin(`GRANT EXECUTE ON FUNCTION ${RECORDING} TO auth`);
    }
  }

  async #asAdmin(statement: string): Promise<void> {
    const client = new Client({ connectionString: this.auth.backbone.postgres.adminUrl });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  /** Audit entries of a team, oldest first. */
  async entries(team: { id: TeamId }): Promise<Record<string, unknown>[]> {
    const { rows } = await this.auth.database.query<Record<string, unknown>>(
      'SELECT * FROM audit_entries WHERE team_id = $1 ORDER BY id',
      [team.id],
    );
    return rows;
  }
}

function startRegistry(host: AuthHost): Promise<TestService> {
  const KEY_PEPPERS = `k1:${Buffer.alloc(32, 1).toString('base64url')}`;
  const parts = { instance: 'key-registry-1', schema: 'key_registry', more: { KEY_PEPPERS } };
  return host.backbone.start(keyRegistryService, parts);
}
