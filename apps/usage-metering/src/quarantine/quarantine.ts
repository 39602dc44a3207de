import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { UsageWitness } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { Counter, Registry } from 'prom-client';
import { Repository } from 'typeorm';
import { QuarantinedWordEntity } from './quarantined-word.entity.ts';

/** A word that cannot be settled. */
export interface SetAside {
  /** A few words of ours, joined by underscores. */
  reason: string;
  /** Null where the subject proves none. */
  witness: UsageWitness | null;
  subject: string;
  /** The word as its contract parsed it; null where it matches none, since then nobody knows what is in it. */
  word: object | null;
}

/** So many are kept: whoever may publish words can also publish bad ones, and must not fill the disk. */
const MOST_KEPT = 100_000;
/** Longest payload that is kept, in UTF-16 units. Every word that matches its contract is shorter. */
const MOST_UNITS = 16_384;

/** Keeps what cannot be settled, once each, where it holds up nobody. */
@Injectable()
export class Quarantine {
  readonly #counted: Counter;

  constructor(
    @InjectRepository(QuarantinedWordEntity) private readonly words: Repository<QuarantinedWordEntity>,
    private readonly log: ServiceLog,
    registry: Registry,
  ) {
    this.#counted = new Counter({
      name: 'orgn_usage_quarantined_total',
      help: 'Usage words that could not be settled and were set aside, by reason; repeated ones included.',
      labelNames: ['reason'],
      registers: [registry],
    });
  }

  /** Resolves once the words are kept. @throws when the database fails: the words are then still where they came from */
  async add(words: readonly SetAside[]): Promise<void> {
    if (words.length === 0) return;
    const rows = words.map(toRow);
    const columns = [rows.map(({ id }) => id), rows.map(({ reason }) => reason), rows.map(({ witness }) => witness)];
    const rest = [rows.map(({ subject }) => subject), rows.map(({ payload }) => payload), MOST_KEPT];
    const kept: unknown[] = await this.words.query(KEEP, [...columns, ...rest]);
    const reasons = words.map(({ reason }) => reason);
    for (const reason of reasons) this.#counted.inc({ reason });
    const fields = { words: words.length, kept: kept.length, reasons: [...new Set(reasons)] };
    this.log.warn('usage words set aside, they are not charged', fields);
  }
}

const KEEP = `
  INSERT INTO quarantined_words (id, reason, witness, subject, payload)
  SELECT word.* FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) AS word
  WHERE (SELECT count(*) FROM (SELECT 1 FROM quarantined_words LIMIT $6) AS kept) < $6
  ON CONFLICT (id) DO NOTHING
  RETURNING id`;

type Row = Omit<QuarantinedWordEntity, 'at'>;

function toRow({ reason, witness, subject, word }: SetAside): Row {
  const json = word && JSON.stringify(word);
  const payload = json !== null && json.length <= MOST_UNITS ? json : null;
  const id = json === null ? randomUUID() : createHash('sha256').update(`${subject} ${json}`).digest('base64url');
  return { id, reason, witness, subject, payload };
}
