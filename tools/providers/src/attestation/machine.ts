import { faultNames, Enclave, makeTlsIdentity, type Fault, type Intel, type TlsIdentity } from '@orgn/evidence';

export interface MachineParts {
  /** Of the application; part of what is measured. */
  readonly name: string;
  readonly model: string;
  readonly gpus: number;
  readonly intel: Intel;
  /** What is wrong at the moment. */
  readonly fault: () => Fault | undefined;
}

const longestMemory = 1_000;

/** The confidential machine of a simulated provider: its TLS key, and two instances of the same application behind it. */
export class Machine {
  readonly intel: Intel;
  readonly #parts: MachineParts;
  readonly #tls = makeTlsIdentity(['localhost', '127.0.0.1', 'providers']);
  readonly #swapped = makeTlsIdentity(['localhost', '127.0.0.1', 'providers']);
  readonly #first: Enclave;
  #second: Enclave | undefined;
  readonly #connections = new WeakMap<object, number>();
  #connectionCount = 0;
  readonly #nonces = new Set<string>();

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.intel = parts.intel;
    this.#first = new Enclave(parts);
  }

  get fault(): Fault | undefined {
    return this.#parts.fault();
  }

  /** The TLS key that reports name. */
  get attestedTls(): TlsIdentity {
    return this.#tls;
  }

  /** The TLS key that connections are served with. */
  get servedTls(): TlsIdentity {
    return this.fault === 'swapped_tls_key' ? this.#swapped : this.#tls;
  }

  /** Who answers on a connection: under the fault it is the second instance on every other one. */
  instanceOn(connection: object): Enclave {
    const number = this.#connections.get(connection) ?? this.#connectionCount++;
    this.#connections.set(connection, number);
    if (this.fault !== 'second_instance_behind_the_same_key' || number % 2 === 0) return this.#first;
    return (this.#second ??= new Enclave({ ...this.#parts, instance: 'second' }));
  }

  /** A report is made for a nonce: what NVIDIA's service is asked later is about this machine. */
  remember(nonce: string): void {
    this.#nonces.add(nonce);
    const [oldest] = this.#nonces;
    if (this.#nonces.size > longestMemory && oldest !== undefined) this.#nonces.delete(oldest);
  }

  hasReported(nonce: string): boolean {
    return this.#nonces.has(nonce);
  }
}

const otherNames: ReadonlyMap<string, Fault> = new Map<string, Fault>([
  ['chutes', 'chutes_shaped_answer'],
  ['chutes_shaped', 'chutes_shaped_answer'],
  ['extra_events', 'extra_events_after_system_ready'],
  ['second_instance', 'second_instance_behind_the_same_key'],
  ['signature_other_bytes', 'signature_for_other_bytes'],
  ['tcb_outofdate', 'tcb_out_of_date'],
]);

/** A fault by its name, or by a shorter one. */
export function faultNamed(name: string): Fault | undefined {
  return faultNames.find((fault) => fault === name) ?? otherNames.get(name);
}
