import { executedBy, type Executed, type OpenedSeal, type TeamSeals } from './team-seals.ts';

/** Sealed reasoning where it stands in a request. */
export interface PlacedSeal {
  /** Of the item that holds it. */
  index: number;
  /** As `param` of an error writes it. */
  path: string;
  sealed: string;
}

/** The sealed reasoning of one request: each model gets back what is its own. */
export class SealedReasoning {
  readonly #opened: readonly (PlacedSeal & { opened: OpenedSeal | undefined })[];

  /** @throws ServiceError `invalid_request` for a seal that was not made here for this team */
  constructor(placed: readonly PlacedSeal[], seals: TeamSeals) {
    this.#opened = placed.map((each) => ({ ...each, opened: seals.open(each.sealed, each.path) }));
  }

  /** All that can be opened, whoever's it is: texts by index. */
  get all(): ReadonlyMap<number, string> {
    return this.#texts(() => true);
  }

  /** What is a model's own: texts by index. */
  of(executed: Executed): ReadonlyMap<number, string> {
    const own = executedBy(executed);
    return this.#texts((opened) => opened.executed === own);
  }

  /** Whether all that can be opened is a model's own. */
  isFor(executed: Executed): boolean {
    return this.of(executed).size === this.all.size;
  }

  /** Paths of what a model does not get. */
  unopenedBy(executed: Executed): string[] {
    const own = this.of(executed);
    return this.#opened.filter(({ index }) => !own.has(index)).map(({ path }) => path);
  }

  #texts(isWanted: (opened: OpenedSeal) => boolean): ReadonlyMap<number, string> {
    return new Map(
      this.#opened.flatMap(({ index, opened }) => (opened && isWanted(opened) ? [[index, opened.text]] : [])),
    );
  }
}
