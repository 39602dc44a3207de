import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { KeyView } from '@orgn/contracts';
import { InFlight, ServiceLog } from '@orgn/service-kit';
import { AuthConfig } from '../config.ts';
import { MembersRepository } from '../roster/members.repository.ts';
import { Postman } from './mail.ts';

/** What became of a key, and by whom, for people who did not do it themselves. */
export type Incident = 'reported_revoked' | 'reported_disabled' | 'surrendered';

const WHAT_HAPPENED = {
  reported_revoked:
    'A secret scanner found its secret in a public place, so it was revoked: nothing accepts it any more.',
  reported_disabled:
    'A secret scanner found its secret in a public place, so it was disabled: nothing accepts it until somebody enables it again.',
  surrendered: 'Somebody who holds its secret revoked it: nothing accepts it any more.',
} as const satisfies Record<Incident, string>;

/** Tells the owners of a team what happened to it while they were away. Nobody waits for it, except a stop. */
@Injectable()
export class OwnerNotices implements OnApplicationShutdown {
  readonly #sending = new InFlight();

  constructor(
    private readonly members: MembersRepository,
    private readonly postman: Postman,
    private readonly config: AuthConfig,
    private readonly log: ServiceLog,
  ) {}

  keyEnded(key: KeyView, incident: Incident): void {
    void this.#sending.track(() => this.#send(key, incident));
  }

  onApplicationShutdown(): Promise<void> {
    return this.#sending.ended();
  }

  async #send(key: KeyView, incident: Incident): Promise<void> {
    const text = [
      `The API key "${key.name}" (${key.hint}) of your team:`,
      WHAT_HAPPENED[incident],
      `Replace it wherever it is used, and see who used it meanwhile: ${this.config.CONSOLE_URL}`,
    ].join('\n\n');
    try {
      for (const { user } of await this.members.owners(key.teamId)) {
        await this.postman.send({ to: user.email, subject: `API key "${key.name}" was leaked`, text });
      }
    } catch (error) {
      this.log.error('owners could not be told', error, { keyId: key.id, teamId: key.teamId });
    }
  }
}
