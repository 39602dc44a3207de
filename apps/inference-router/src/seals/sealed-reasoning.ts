import { DroppedNames } from '@orgn/dialects';
import { executedBy, type Executed, type OpenedSeal, type TeamSeals } from './team-seals.ts';

/** Sealed reasoning where it stands in a request. */
export interface PlacedSeal {
  /** Of the item that holds it. */
  index: number;
  /** As `param` of an error writes it. */
  path: string;
  sealed: string;
}

/** The seals of one model, or those that nobody can open any more. */
export interface SealGroup {
  /** As `executedBy` says it; undefined: nobody's. */
  executed: string | undefined;
  /** Their paths, as `x-ollm-dropped` says them. */
  paths: string;
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

  get groups(): SealGroup[] {
    const groups = Map.groupBy(this.#opened, ({ opened }) => opened?.executed);
    return [...groups].map(([executed, seals]) => ({ executed, paths: headerOf(seals.map(({ path }) => path)) }));
  }

  #texts(isWanted: (opened: OpenedSeal) => boolean): ReadonlyMap<number, string> {
    return new Map(
      this.#opened.flatMap(({ index, opened }) => (opened && isWanted(opened) ? [[index, opened.text]] : [])),
    );
  }
}

/** Whether all that can be opened is a model's own. */
export function isOwn(groups: readonly SealGroup[], executed: Executed): boolean {
  const own = executedBy(executed);
  return groups.every((group) => group.executed === undefined || group.executed === own);
}

/** Paths of what a model does not get, as `x-ollm-dropped` says them. */
export function unopenedOf(groups: readonly SealGroup[], executed: Executed): string[] {
  const own = executedBy(executed);
  return groups.filter((group) => group.executed !== own).map(({ paths }) => paths);
}

function headerOf(paths: readonly string[]): string {
  const names = new DroppedNames();
  for (const path of paths) names.addHeader(path);
  return names.toHeader() ?? '';
}
