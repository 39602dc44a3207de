import { recordsOf } from './inside-migrations.ts';
import type { ServiceSchema } from './migrate.ts';
import { missingOf, SHAPE, type SchemaShape } from './schema-shape.ts';

/** What a service needs its schema to be. */
export interface ExpectedSchema {
  migrations: ServiceSchema['migrations'];
  shape: SchemaShape;
}

/** Asks the database as the service's role. */
export type Ask = <T>(query: string, values: string[]) => Promise<T[]>;

const LOOK_MS = 10_000;
/** So many missing things are named. */
const MOST_NAMED = 5;

/**
 * Looks at the schema at the start and every few seconds: whether all that its migrations make is there, and whether it still
 * is the schema that was there before. A database that was restored half way, by other means, answers every question and
 * keeps none of its promises.
 */
export class SchemaWatch {
  readonly #hearers: ((fault: string | undefined) => void)[] = [];
  readonly #replaced: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;
  #identity: string | undefined;
  #fault: string | undefined;

  constructor(
    private readonly ask: Ask,
    private readonly schema: string,
    private readonly expected: ExpectedSchema,
  ) {}

  /** What the schema lacks, in a few words of ours; undefined: nothing, as far as is known. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Is told at each look what the schema lacks. */
  onLook(hear: (fault: string | undefined) => void): void {
    this.#hearers.push(hear);
  }

  /** Is told when the schema is another one than at the last look: what this process remembers of it is of another time. */
  onReplaced(hear: () => void): void {
    this.#replaced.push(hear);
  }

  async start(): Promise<void> {
    await this.#lookOrPass();
    this.#timer = setInterval(() => void this.#lookOrPass(), LOOK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks now. @throws when the database does not answer */
  async look(): Promise<void> {
    const isReplaced = await this.#isReplaced();
    this.#fault = await this.#findFault();
    for (const hear of this.#hearers) hear(this.#fault);
    if (isReplaced) for (const hear of this.#replaced) hear();
  }

  async #isReplaced(): Promise<boolean> {
    const query = 'SELECT to_regnamespace(quote_ident($1))::oid::text AS identity';
    const [found] = await this.ask<{ identity: string | null }>(query, [this.schema]);
    const former = this.#identity;
    this.#identity = found?.identity ?? former;
    return former !== undefined && this.#identity !== former;
  }

  async #findFault(): Promise<string | undefined> {
    const known = recordsOf(this.expected.migrations).map(({ name }) => name);
    const ran = await this.#migrations();
    if (ran === undefined) return 'its migrations cannot be read: run the migrate job';
    const unrun = known.filter((name) => !ran.includes(name)).map((name) => `migration ${name}`);
    if (unrun.length > 0) return toSentence(unrun);
    // A newer release has migrated it; what that one needs is that one's to say.
    if (ran.some((name) => !known.includes(name))) return undefined;
    const lines = await this.ask<{ line: string }>(SHAPE, [this.schema]);
    const missing = missingOf(
      this.expected.shape,
      lines.map(({ line }) => line),
    );
    return missing.length > 0 ? toSentence(missing) : undefined;
  }

  /** @returns undefined where there is no record, or it may not be read */
  async #migrations(): Promise<string[] | undefined> {
    const [found] = await this.ask<{ may: boolean | null }>(
      `SELECT has_table_privilege(to_regclass(quote_ident($1) || '.migrations'), 'SELECT') AS may`,
      [this.schema],
    );
    if (found?.may !== true) return undefined;
    const rows = await this.ask<{ name: string }>('SELECT name FROM migrations ORDER BY id', []);
    return rows.map(({ name }) => name);
  }

  /** A database that is away has no fault: others say that it is away. */
  async #lookOrPass(): Promise<void> {
    await this.look().catch(() => undefined);
  }
}

function toSentence(missing: readonly string[]): string {
  const more = missing.length - MOST_NAMED;
  return `lacks ${missing.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
