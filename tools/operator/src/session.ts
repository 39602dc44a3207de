import { Bus } from '@orgn/service-kit/client';
import type { Flags } from './command.ts';
import { findBusAddress } from './connection/bus-address.ts';
import { connectOperator, type OperatorConnection } from './connection/operator-bus.client.ts';
import type { Output } from './output/output.ts';

/** What a running command has: the bus, once it asks for it, and the output. */
export class Session implements AsyncDisposable {
  #connection: OperatorConnection | undefined;
  /** Set by a command whose result is printed and is bad news: it ends with 1 then. */
  isFailed = false;

  constructor(
    private readonly flags: Flags,
    readonly output: Output,
  ) {}

  /**
   * Connects to the deployment that the command line or the environment points at.
   * @param options.lasting stay connected through restarts of the bus, for commands that watch
   * @throws ServiceError `service_unavailable` saying what to do when nothing runs there
   */
  async bus(options: { lasting: boolean } = { lasting: false }): Promise<Bus> {
    const address = findBusAddress(this.flags.dir);
    this.#connection ??= await connectOperator(address, options);
    return new Bus(this.#connection, `op-${address.operator}`);
  }

  /** Prints a result: as JSON when asked for, else as text for a person. */
  async print(result: object, toText: () => string): Promise<void> {
    await this.output.line(this.flags.json ? JSON.stringify(result) : toText());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection?.close();
  }
}
