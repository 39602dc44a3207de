import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import {
  services,
  type BroadcastContract,
  type PayloadOf,
  type ReplyOf,
  type RequestContract,
  type Service,
  type SurveyContract,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { busTlsUnder } from '@orgn/service-kit/client';
import type { z } from 'zod';
import type { TestNats, TestUser } from './nats.ts';

const party: TestUser[] = [...services, 'op-ops'];
const everybody: TestUser[] = ['test', ...party];

type Access = Pick<TestNats, 'url' | 'seedOf'> & {
  /** The authority that the server is under, as PEM; absent: in the clear. */
  ca?: string | null;
};

/** A connection as one user of the bus. */
export function connectAs({ url, seedOf, ca }: Access, user: TestUser): Promise<NatsConnection> {
  return connect({
    servers: url,
    tls: ca ? busTlsUnder(ca) : null,
    authenticator: nkeyAuthenticator(Buffer.from(seedOf(user))),
    name: `test as ${user}`,
    inboxPrefix: `_INBOX.${user}.jetstream`,
  });
}

/** Connects a test that plays services, or asks them. Close it in the end. */
export async function connectTestBus(nats: Access, users: readonly TestUser[] = everybody): Promise<TestBus> {
  const entries = await Promise.all(users.map(async (user) => [user, await connectAs(nats, user)] as const));
  return new TestBus(new Map(entries));
}

/** Connects a test to the bus of a whole stack, as its services and its first operator. @param bus of `stack.json` */
export function connectStackBus(bus: StackBus): Promise<TestBus> {
  const seeds = new Map([
    ['op-ops', bus.operator.seed],
    ...services.map((name) => [name, bus.users[name].seed] as const),
  ]);
  return connectTestBus({ url: bus.url, ca: bus.ca, seedOf: (user) => seeds.get(user) ?? '' }, party);
}

/** How `stack.json` describes the bus. */
export interface StackBus {
  url: string;
  /** Certificate of the authority that the server's is under, as PEM; null without encryption. */
  ca: string | null;
  users: Record<Service, { seed: string }>;
  operator: { name: string; seed: string };
}

/**
 * The bus as everybody: what is done by a contract is done as the party that the contract names for it, so a test cannot do
 * what no service may.
 */
export class TestBus extends Bus {
  readonly #buses = new Map<TestUser, Bus>();

  /** `connection` may do everything, for what services never do; the others close with it. */
  constructor(private readonly connections: ReadonlyMap<TestUser, NatsConnection>) {
    const [first] = connections.values();
    if (!first) throw new Error('nobody logs in');
    super(first, 'gateway');
    void first.closed().then(() => this.close());
  }

  /** The bus as one service sees it, or the first operator. */
  as(user: Service | 'op-ops'): Bus {
    const known = this.#buses.get(user) ?? new Bus(this.connectionOf(user), user);
    this.#buses.set(user, known);
    return known;
  }

  override ask<C extends RequestContract>(contract: C, request: z.input<C['request']>): Promise<ReplyOf<C>> {
    const [asker] = contract.askedBy;
    return this.as(asker === 'operator' ? 'op-ops' : asker!).ask(contract, request);
  }

  override survey<C extends SurveyContract>(contract: C, request: z.input<C['request']>): Promise<ReplyOf<C>[]> {
    return this.as(contract.askedBy[0]!).survey(contract, request);
  }

  override broadcast<C extends BroadcastContract>(contract: C, payload: z.input<C['payload']>): void {
    this.as(contract.saidBy[0]!).broadcast(contract, payload);
  }

  override listen<C extends BroadcastContract>(contract: C, hear: (payload: PayloadOf<C>) => void): () => void {
    const [listener] = contract.heardBy;
    return this.as(listener === 'operator' ? 'op-ops' : listener!).listen(contract, hear);
  }

  /** The server knows all subscriptions and has all messages of this test. */
  async flush(): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection.flush()));
  }

  async close(): Promise<void> {
    await Promise.all([...this.connections.values()].map((connection) => connection.close()));
  }

  /** A party's own connection. */
  connectionOf(user: TestUser): NatsConnection {
    const connection = this.connections.get(user);
    if (!connection) throw new Error(`nobody logs in as ${user}`);
    return connection;
  }
}

/** The connection of a party on a test's bus. */
export function connectionOf(bus: Bus, user: TestUser): NatsConnection {
  return bus instanceof TestBus ? bus.connectionOf(user) : bus.connection;
}
