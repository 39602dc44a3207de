import { usageRank, type UsageOutcome, type UsageWitness } from '@orgn/contracts';

/** A word of one router or gateway on one of a few requests. */
export interface Said {
  request: number;
  witness: UsageWitness;
  outcome: UsageOutcome;
  cost: number;
}

type Kind = 'credit' | 'top_up' | 'refund' | 'chargeback' | 'chargeback_won';

/** What a team's books must come to, in plain numbers. */
export class BooksModel {
  funds = 0;
  owed = 0;
  used = 0;
  held = 0;
  /** Of the one budget; null: there is none yet. */
  cap: number | null = null;
  readonly #charged = new Map<number, { rank: number; charge: number }>();
  readonly #booked = new Map<number, string>();

  /** One commit: what is given back first settles what is owed, and charges take what was free before it. */
  settle(words: readonly Said[]): void {
    const [fresh, corrections] = [new Map<number, number>(), new Map<number, number>()];
    for (const [request, word] of [...strongest(words)].sort(([a], [b]) => a - b)) {
      const known = this.#charged.get(request);
      const next = { rank: usageRank(word), charge: chargeOf(word) };
      const before = known ?? { rank: 0, charge: 0 };
      if (before.rank >= next.rank) continue;
      (known ? corrections : fresh).set(request, next.charge - before.charge);
      this.#charged.set(request, next);
    }
    // Rows that changed are booked before new ones: Postgres fires the triggers of a statement's updates first.
    for (const changes of [corrections, fresh]) this.#charge([...changes.values()]);
  }

  #charge(differences: readonly number[]): void {
    const [free, owed] = [this.funds - this.held, this.owed];
    const sum = (some: readonly number[]) => some.reduce((total, one) => total + one, 0);
    const due = sum(differences.filter((one) => one > 0));
    const back = -sum(differences.filter((one) => one < 0));
    const [fromFunds, toOwed] = [Math.min(due, free), Math.min(back, owed)];
    this.funds += back - toOwed - fromFunds;
    this.owed += due - fromFunds - toOwed;
    this.used += due - back;
  }

  /** @returns what the ledger answers: whether it was booked now, or why not */
  book(kind: Kind, amount: number, key: number): boolean | string {
    const known = this.#booked.get(key);
    if (known !== undefined) return known === `${kind} ${amount}` ? false : 'idempotency_mismatch';
    const free = this.funds - this.held;
    if (kind === 'refund' && free < amount) return 'insufficient_balance';
    this.#booked.set(key, `${kind} ${amount}`);
    if (kind === 'refund' || kind === 'chargeback') this.#pay(amount, free);
    else this.#take(amount);
    return true;
  }

  #take(amount: number): void {
    const first = Math.min(amount, this.owed);
    this.owed -= first;
    this.funds += amount - first;
  }

  #pay(amount: number, free: number): void {
    const first = Math.min(amount, free);
    this.owed += amount - first;
    this.funds -= first;
  }

  hold(amount: number): boolean {
    if (this.held + amount > this.funds) return false;
    this.held += amount;
    return true;
  }

  recover(): number {
    const amount = Math.min(this.funds - this.held, this.owed);
    this.funds -= amount;
    this.owed -= amount;
    return amount;
  }
}

function chargeOf({ outcome, cost }: Said): number {
  return outcome === 'withheld' ? 0 : cost;
}

/** Of the words of one commit, the first of the highest rank on each request. */
function strongest(words: readonly Said[]): Map<number, Said> {
  const kept = new Map<number, Said>();
  for (const word of words) {
    const known = kept.get(word.request);
    if (!known || usageRank(word) > usageRank(known)) kept.set(word.request, word);
  }
  return kept;
}
