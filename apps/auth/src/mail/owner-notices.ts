import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { KeyView, TeamId } from '@orgn/contracts';
import { InFlight, ServiceLog } from '@orgn/service-kit';
import { AuthConfig } from '../config.ts';
import { MembersRepository, type MemberRecord } from '../roster/members.repository.ts';
import { Postman, type Mail } from './mail.ts';
import { plainName } from './plain-name.ts';

/** What became of a key, and by whom, for people who did not do it themselves. */
export type Incident = 'reported_revoked' | 'reported_disabled' | 'surrendered';

const WHAT_HAPPENED = {
  reported_revoked:
    'A secret scanner found its secret in a public place, so it was revoked: nothing accepts it any more.',
  reported_disabled:
    'A secret scanner found its secret in a public place, so it was disabled: nothing accepts it until somebody enables it again.',
  surrendered: 'Somebody who holds its secret revoked it: nothing accepts it any more.',
} as const satisfies Record<Incident, string>;

/** How long after a failure it is tried again. */
const RETRY_AFTER_MS = [1_000, 10_000, 60_000];

/**
 * Tells the owners of a team what happened to it while they were away: each on their own, whatever becomes of the others,
 * and again when it fails. Only at addresses that are verified: else anybody could have mails sent to somebody else. Nobody
 * waits for it, except a stop.
 */
@Injectable()
export class OwnerNotices implements OnApplicationShutdown {
  readonly #sending = new InFlight();
  readonly #stopping = new AbortController();

  constructor(
    private readonly members: MembersRepository,
    private readonly postman: Postman,
    private readonly config: AuthConfig,
    private readonly log: ServiceLog,
  ) {}

  keyEnded(key: KeyView, incident: Incident): void {
    const letter = { subject: 'An API key of your team has ended', text: this.#textOf(key, incident) };
    this.tell(key.teamId, letter, { keyId: key.id, teamId: key.teamId });
  }

  /** Tells owners something. @param fields what a log line says where somebody could not be told */
  tell(teamId: TeamId, letter: Omit<Mail, 'to'>, fields: Record<string, string>): void {
    void this.#sending.track(() => this.#tell(teamId, letter, fields));
  }

  /** What waits to be tried again is tried at once, for the last time. */
  onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    return this.#sending.ended();
  }

  async #tell(teamId: TeamId, letter: Omit<Mail, 'to'>, fields: Record<string, string>): Promise<void> {
    const owners = await this.#insistently(() => this.members.owners(teamId)).catch((error: unknown) => {
      this.log.error('owners could not be told', error, fields);
      return [] as MemberRecord[];
    });
    await Promise.all(owners.map((owner) => this.#tellOne(owner, letter, fields)));
  }

  async #tellOne({ user }: MemberRecord, letter: Omit<Mail, 'to'>, fields: Record<string, string>): Promise<void> {
    if (!user.isEmailVerified) {
      this.log.warn('owner could not be told: no verified address', { ...fields, userId: user.id });
      return;
    }
    const mail: Mail = { to: user.email, ...letter };
    await this.#insistently(() => this.postman.send(mail)).catch((error: unknown) => {
      this.log.error('owner could not be told', error, { ...fields, userId: user.id });
    });
  }

  async #insistently<T>(work: () => Promise<T>): Promise<T> {
    for (const delay of RETRY_AFTER_MS) {
      if (this.#stopping.signal.aborted) break;
      try {
        return await work();
      } catch {
        await wait(delay, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
    return work();
  }

  #textOf(key: KeyView, incident: Incident): string {
    return [
      `The API key "${plainName(key.name)}" (${key.hint}) of your team:`,
      WHAT_HAPPENED[incident],
      `Replace it wherever it is used, and see who used it meanwhile: ${this.config.CONSOLE_URL}`,
    ].join('\n\n');
  }
}
