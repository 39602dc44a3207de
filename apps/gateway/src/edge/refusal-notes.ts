import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import {
  recordRefusals,
  REFUSALS_A_MINUTE,
  requestId,
  tellOwners,
  type ErrorCode,
  type Refusal,
  type ReplyOf,
} from '@orgn/contracts';
import { knownMember } from '@orgn/dialects';
import { Bus, RecentMap } from '@orgn/service-kit';
import type { FastifyRequest } from 'fastify';
import { Counter, Registry } from 'prom-client';
import { KnownKeys } from '../authentication/known-keys.ts';
import { endpointAt } from '../paths/endpoints.ts';

/** Why a request was refused, as its caller was told. */
export interface RefusalReason {
  code: ErrorCode;
  param?: string | undefined;
}

type Owner = Omit<ReplyOf<typeof tellOwners>['owners'][number], 'digest'>;
type Note = Omit<Refusal, keyof Owner> & { digest: string };

const FLUSH_MS = 1_000;
/** What one message carries. */
const MOST_TOLD = 500;
/** Notes that wait for the next message: what comes beyond is counted. */
const MOST_WAITING = 5_000;
const MAX_KEYS = 10_000;

/** The registry's word against a key that it knows. */
const verdicts: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'key_revoked',
  'key_expired',
  'key_disabled',
  'key_quarantined',
  'key_owner_removed',
  'team_suspended',
  'ip_not_allowed',
]);

/**
 * Tells metering what was refused after the key was known, for the team to look up. Best effort and in batches: a refusal
 * costs no question while its caller waits, and what cannot be told is dropped. Of unknown keys nothing is noted.
 */
@Injectable()
export class RefusalNotes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** How often each key was refused in this minute. */
  readonly #tallies = new RecentMap<string, { minute: number; count: number }>(MAX_KEYS);
  readonly #dropped: Counter;
  #waiting: Note[] = [];
  #more = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly bus: Bus,
    private readonly known: KnownKeys,
    metrics: Registry,
  ) {
    this.#dropped = new Counter({
      name: 'orgn_edge_refusals_untold_total',
      help: 'Refusals that could not be told to metering, so that teams cannot look them up.',
      registers: [metrics],
    });
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#flush(), FLUSH_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flush();
  }

  /** @param durationMs from the request's first byte to its refusal */
  note(request: FastifyRequest, { code, param }: RefusalReason, durationMs: number): void {
    const endpoint = endpointAt(request.url);
    const digest = digestOf(request);
    if (digest === undefined || !endpoint || !this.#isOfKnownKey(digest, code)) return;
    if (!this.#hasRoom(digest)) return this.#countMore(digest);
    this.#waiting.push({
      requestId: requestId.parse(request.id),
      digest,
      code,
      param: param === undefined ? null : knownMember(param),
      model: request.facts.model ?? null,
      path: endpoint.name,
      durationMs: Math.round(durationMs),
    });
  }

  #isOfKnownKey(digest: string, code: ErrorCode): boolean {
    return verdicts.has(code) || (code !== 'invalid_api_key' && this.known.lineageOf(digest) !== undefined);
  }

  #hasRoom(digest: string): boolean {
    const minute = Math.floor(performance.now() / 60_000);
    const known = this.#tallies.get(digest);
    const count = (known?.minute === minute ? known.count : 0) + 1;
    this.#tallies.set(digest, { minute, count });
    return count <= REFUSALS_A_MINUTE && this.#waiting.length < MOST_WAITING;
  }

  #countMore(digest: string): void {
    if (this.#more.size < MAX_KEYS) this.#more.set(digest, (this.#more.get(digest) ?? 0) + 1);
  }

  async #flush(): Promise<void> {
    const notes = this.#waiting.splice(0, MOST_TOLD);
    const more = [...this.#more].slice(0, MOST_TOLD);
    for (const [digest] of more) this.#more.delete(digest);
    if (notes.length + more.length === 0) return;
    try {
      const owners = await this.#ownersOf([...notes.map(({ digest }) => digest), ...more.map(([digest]) => digest)]);
      await this.bus.ask(recordRefusals, {
        refusals: notes.flatMap(({ digest, ...note }) => withOwner(owners.get(digest), note)),
        more: more.flatMap(([digest, count]) => withOwner(owners.get(digest), { count })),
      });
    } catch {
      this.#dropped.inc(notes.length + more.reduce((sum, [, count]) => sum + count, 0));
    }
  }

  async #ownersOf(digests: readonly string[]): Promise<Map<string, Owner>> {
    const all = [...new Set(digests)];
    const answers = [];
    for (let from = 0; from < all.length; from += MOST_TOLD)
      answers.push(await this.bus.ask(tellOwners, { digests: all.slice(from, from + MOST_TOLD) }));
    const owners = answers.flatMap((answer) => answer.owners);
    return new Map(owners.map(({ digest, keyId, teamId, ownerId }) => [digest, { keyId, teamId, ownerId }]));
  }
}

/** Absent where no key was presented. */
function digestOf({ apiKey }: Partial<Pick<FastifyRequest, 'apiKey'>>): string | undefined {
  return apiKey?.digest;
}

function withOwner<T>(owner: Owner | undefined, what: T): (T & Owner)[] {
  return owner ? [{ ...what, ...owner }] : [];
}
