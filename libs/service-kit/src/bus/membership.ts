import type { NatsConnection } from '@nats-io/transport-node';
import { announcements, type Service } from '@orgn/contracts';
import type { Health } from '../health/health.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import type { Announcer } from './announcer.ts';
import type { LoopWatch } from './loop-watch.ts';
import { Siblings } from './siblings.ts';
import { decodeOrUndefined } from './wire.ts';

const LOOK_MS = 250;
/** How long a replica must have been well before it joins its group again. */
const WELL_MS = 2_000;
/** What services call the check that asks their database. A check that takes longer than 1 s has failed. */
const DATABASE_CHECKS = ['postgres', 'database'];

/** The queue group of an instance: what is asked of its service, not of itself. */
export interface Group {
  /** Resolves when the server knows. */
  join(): Promise<void>;
  /** Resolves when everything that the server had sent has been taken up. */
  leave(): Promise<void>;
}

interface MembershipParts {
  connection: NatsConnection;
  service: Service;
  instance: string;
  log: ServiceLog;
  health: Health;
  watch: LoopWatch;
  announcer: Announcer;
  group: Group;
}

/**
 * Takes an instance out of its group while its loop or its database stalls, and back when it has been well for 2 s. Its own
 * subject it answers throughout. The last one never leaves: an instance says that it is leaving first and only then hears
 * whether another one stays, so of two at once at least one hears of the other. Services that do not announce themselves stay.
 */
export class Membership {
  readonly #siblings: Siblings;
  #state: 'member' | 'leaving' | 'out' = 'member';
  #unwellAt = 0;
  #isLooking = false;
  #end: (() => void) | undefined;

  constructor(private readonly parts: MembershipParts) {
    this.#siblings = new Siblings(parts.instance);
  }

  start(): void {
    const contract = announcements[this.parts.service];
    if (!contract) return;
    const subscription = this.parts.connection.subscribe(contract.subject, {
      callback: (error, message) => {
        // Nothing may throw in here: the client would stop reading.
        const said = error ? undefined : contract.payload.safeParse(decodeOrUndefined(message.data));
        if (!said?.success) return;
        this.#siblings.hear(said.data);
        if (this.#state === 'out' && !this.#siblings.isAnyStaying) this.#try(this.#join());
      },
    });
    const timer = setInterval(() => this.#look(), LOOK_MS).unref();
    this.#end = () => {
      clearInterval(timer);
      subscription.unsubscribe();
    };
  }

  close(): void {
    this.#end?.();
    this.#end = undefined;
  }

  /** One look at a time: with a database that does not answer, it takes a second. */
  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#try(this.#decide().finally(() => (this.#isLooking = false)));
  }

  /** What fails has lost its connection; the next look goes on from what is so. */
  #try(work: Promise<void>): void {
    work.catch((error: unknown) => this.parts.log.warn('could not change the group', {}, error));
  }

  async #decide(): Promise<void> {
    const cause = await this.#stalled();
    if (cause) this.#unwellAt = performance.now();
    if (this.#state === 'out') return this.#stayOut();
    if (cause) await this.#tryToLeave(cause);
    else if (this.#state === 'leaving') this.#stay();
  }

  async #stayOut(): Promise<void> {
    if (performance.now() - this.#unwellAt >= WELL_MS || !this.#siblings.isAnyStaying) await this.#join();
  }

  async #stalled(): Promise<'loop' | 'database' | undefined> {
    if (this.parts.watch.isUnsteady) return 'loop';
    const { checks } = await this.parts.health.run();
    return DATABASE_CHECKS.some((name) => (checks[name] ?? 'ok') !== 'ok') ? 'database' : undefined;
  }

  async #tryToLeave(cause: string): Promise<void> {
    if (this.#state === 'member' && !this.#siblings.isAnyStaying) return;
    const { connection, announcer, group, log } = this.parts;
    if (this.#state === 'member') announcer.say(true);
    this.#state = 'leaving';
    // What others said before the server knew that this one is leaving has been heard once it has answered.
    await connection.flush();
    if (this.#isClosed()) return;
    if (!this.#siblings.isAnyStaying) {
      if (this.#siblings.isOwnFirst) this.#stay();
      return;
    }
    this.#state = 'out';
    log.warn('left its group', { cause });
    await group.leave();
  }

  #stay(): void {
    this.#state = 'member';
    this.parts.announcer.say(false);
  }

  /** Answers the group first and says so then: others may leave on this word. */
  async #join(): Promise<void> {
    if (this.#isClosed()) return;
    await this.parts.group.join();
    if (this.#state !== 'out' || this.#isClosed()) return;
    this.#stay();
    this.parts.log.info('joined its group again');
  }

  #isClosed(): boolean {
    return this.#end === undefined;
  }
}
