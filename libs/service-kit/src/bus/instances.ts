/** What has not been heard of for so long is forgotten: three announcements were missed. */
const FORGOTTEN_MS = 6_500;
/** An instance that was late this often in a row is left out. */
const LATE_LIMIT = 2;
const LEFT_OUT_MS = 5_000;

interface Known {
  heardAt: number;
  late: number;
  leftOutUntil: number;
}

/** The instances of one service as an asker knows them: from their announcements, and from how they answered. */
export class Instances {
  readonly #known = new Map<string, Known>();
  #turn = 0;

  /** @param now monotonic milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  hear({ instance, isLeaving }: { instance: string; isLeaving: boolean }): void {
    if (isLeaving) this.#known.delete(instance);
    else {
      const known = this.#known.get(instance);
      if (known) known.heardAt = this.now();
      else this.#known.set(instance, { heardAt: this.now(), late: 0, leftOutUntil: 0 });
    }
  }

  /** Whom to ask, each in its turn; undefined when nobody is known who may be asked: then the group is. */
  choose(except?: string): string | undefined {
    const now = this.now();
    const free = this.#alive().filter(([name, { leftOutUntil }]) => name !== except && leftOutUntil <= now);
    this.#turn += 1;
    return free[this.#turn % free.length]?.[0];
  }

  /** An instance that was late twice in a row is left out for 5 s, and again when it is late the next time. */
  wasLate(instance: string): void {
    const known = this.#known.get(instance);
    if (!known) return;
    known.late += 1;
    if (known.late >= LATE_LIMIT) known.leftOutUntil = this.now() + LEFT_OUT_MS;
  }

  wasInTime(instance: string): void {
    const known = this.#known.get(instance);
    if (known) Object.assign(known, { late: 0, leftOutUntil: 0 });
  }

  /** Nobody listens on its subject: it is gone, whatever it said last. */
  isGone(instance: string): void {
    this.#known.delete(instance);
  }

  /** Are more than half late? Then it is what they all wait for, and asking twice would double its work. */
  get areMostLate(): boolean {
    const alive = this.#alive();
    return alive.filter(([, { late }]) => late > 0).length * 2 > alive.length;
  }

  #alive(): [string, Known][] {
    const now = this.now();
    for (const [name, { heardAt }] of this.#known) if (now - heardAt > FORGOTTEN_MS) this.#known.delete(name);
    return [...this.#known];
  }
}
