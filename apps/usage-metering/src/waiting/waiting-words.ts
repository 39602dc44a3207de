import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { usageEvent, type UsageEvent, type UsageWitness } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { Gauge, Registry } from 'prom-client';
import { In, Repository } from 'typeorm';
import { WaitingWordEntity } from './waiting-word.entity.ts';

/** A word that waits. */
export interface WaitingWord {
  id: string;
  witness: UsageWitness;
  event: UsageEvent;
}

/** So many wait: a gateway that names prices which nobody lists must not fill the disk. */
const MOST_WAITING = 1_000_000;

/** Keeps words whose price is not known yet where they hold up nobody, once each. */
@Injectable()
export class WaitingWords {
  readonly #waiting: Gauge;
  /** As many at most, by what was counted last and what was added since. */
  #known = MOST_WAITING;

  constructor(
    @InjectRepository(WaitingWordEntity) private readonly words: Repository<WaitingWordEntity>,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#waiting = new Gauge({
      name: 'orgn_usage_waiting_words',
      help: 'Usage words whose price is in no models file that metering has read. They are charged once it is.',
      registers: [registry],
    });
  }

  /** Resolves once they are kept. @returns those that there is no room for */
  async add(witness: UsageWitness, events: readonly UsageEvent[]): Promise<readonly UsageEvent[]> {
    if (events.length === 0) return [];
    if (this.#known >= MOST_WAITING) await this.count();
    if (this.#known >= MOST_WAITING) return events;
    this.#known += events.length;
    const payloads = events.map((event) => JSON.stringify(event));
    const ids = payloads.map((json) => createHash('sha256').update(`${witness} ${json}`).digest('base64url'));
    await this.words.query(KEEP, [ids, witness, payloads]);
    this.log.error('usage words wait: metering does not know their price', undefined, { words: events.length });
    return [];
  }

  /** The next of them, in the order of their ids. */
  async after(id: string, limit: number): Promise<WaitingWord[]> {
    const rows = await this.words.query<WaitingWordEntity[]>(NEXT, [id, limit]);
    return rows.map((row) => ({
      id: row.id,
      witness: row.witness as UsageWitness,
      event: usageEvent.parse(JSON.parse(row.payload)),
    }));
  }

  /** Looks how many wait. */
  async count(): Promise<void> {
    this.noted(await this.words.count());
  }

  /** So many wait. */
  noted(count: number): void {
    this.#waiting.set(count);
    this.#known = count;
  }

  /** They were settled. */
  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.words.delete({ id: In([...ids]) });
  }
}

const KEEP = `
  INSERT INTO waiting_words (id, witness, payload)
  SELECT word.id, $2, word.payload FROM unnest($1::text[], $3::text[]) AS word (id, payload) ON CONFLICT (id) DO NOTHING`;

const NEXT = 'SELECT id, witness, payload FROM waiting_words WHERE id > $1 ORDER BY id LIMIT $2';
