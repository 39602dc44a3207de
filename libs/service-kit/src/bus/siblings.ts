/** What has not been heard of for so long is forgotten: three announcements were missed. */
const FORGOTTEN_MS = 6_500;

interface Said {
  heardAt: number;
  isLeaving: boolean;
}

/** The other instances of an instance's own service, as their announcements have them. */
export class Siblings {
  readonly #said = new Map<string, Said>();

  /** @param now monotonic milliseconds */
  constructor(
    private readonly own: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  hear({ instance, isLeaving }: { instance: string; isLeaving: boolean }): void {
    if (instance !== this.own) this.#said.set(instance, { heardAt: this.now(), isLeaving });
  }

  /** Is another one there that answers its group? */
  get isAnyStaying(): boolean {
    return this.#heard().some(([, { isLeaving }]) => !isLeaving);
  }

  /** When all want to leave, the first by name stays. */
  get isOwnFirst(): boolean {
    return this.#heard().every(([name]) => this.own < name);
  }

  #heard(): [string, Said][] {
    const now = this.now();
    for (const [name, { heardAt }] of this.#said) if (now - heardAt > FORGOTTEN_MS) this.#said.delete(name);
    return [...this.#said];
  }
}
