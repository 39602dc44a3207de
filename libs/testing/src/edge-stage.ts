import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError, verifyKey, type Model, type ReplyOf, type RequestOf } from '@orgn/contracts';
import { ensureEventStream, startService, stopService, type Bus, type ServiceDefinition } from '@orgn/service-kit';
import type { z } from 'zod';
import { startNats, type TestNats } from './nats.ts';
import { playResponder } from './play-responder.ts';
import { playRouter, type PlayedRouter, type Posted } from './play-router.ts';
import { connectTestBus } from './test-bus.ts';
import { testEnvironment } from './test-environment.ts';

type Verdict = ReplyOf<typeof verifyKey> | ServiceError;
/** What the registry says of a key, always or to one question. */
type Word = Verdict | ((question: RequestOf<typeof verifyKey>) => Verdict);

/** A gateway on a real bus, with a registry and a router that the test plays. */
export class EdgeStage {
  /** How the router answers; a test may replace it. */
  answer: (posted: Posted) => void = ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  };
  /** Keys that the registry was asked about so far. */
  asked = 0;
  readonly #words = new Map<string, Word>();
  #mayAnswer: Promise<unknown> = Promise.resolve();
  readonly #services: Awaited<ReturnType<typeof startService>>[] = [];

  private constructor(
    readonly nats: TestNats,
    readonly bus: Bus,
    private router: PlayedRouter | undefined,
  ) {}

  static async open(models: Model[]): Promise<EdgeStage> {
    const nats = await startNats();
    const bus = await connectTestBus(nats);
    await ensureEventStream(bus.connection);
    const stage = new EdgeStage(nats, bus, undefined);
    stage.router = await playRouter(bus, { models, answer: (posted) => stage.answer(posted) });
    playResponder(bus, verifyKey, async (question) => {
      stage.asked += 1;
      await stage.#mayAnswer;
      const word = stage.#words.get(question.digest) ?? new ServiceError('invalid_api_key', 'Unknown.');
      const verdict = typeof word === 'function' ? word(question) : word;
      if (verdict instanceof ServiceError) throw verdict;
      return verdict;
    });
    return stage;
  }

  /** Requests that reached the router so far. */
  get posted(): number {
    return this.router?.posted ?? 0;
  }

  /** What the registry says of a key from now on. */
  know(digest: string, word: Word): void {
    this.#words.set(digest, word);
  }

  /** The registry knows no such key from now on. */
  forget(digest: string): void {
    this.#words.delete(digest);
  }

  /** The registry keeps its answers back. @returns a function that lets them go */
  holdWords(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#mayAnswer = promise;
    return () => resolve(undefined);
  }

  /** @returns base URLs of a gateway that knows the router */
  async start<S extends z.ZodObject>(
    gateway: ServiceDefinition<S>,
    more: Record<string, string> = {},
  ): Promise<{ api: string; ops: string }> {
    const instance = `gateway-${this.#services.length + 1}`;
    const environment = await testEnvironment({ instance, nats: this.nats, servesHttp: true, more });
    this.#services.push(await startService(gateway, environment));
    const api = `http://127.0.0.1:${environment.HTTP_PORT}`;
    while (!(await this.#isConnected(api))) await delay(20);
    return { api, ops: `http://127.0.0.1:${environment.OPS_PORT}` };
  }

  async close(): Promise<void> {
    await this.router?.end();
    await Promise.all(this.#services.map(stopService));
    await this.bus.connection.close();
    await this.nats.stop();
  }

  async #isConnected(api: string): Promise<boolean> {
    const status = (await (await fetch(`${api}/status`)).json()) as { catalogue: { version: string } };
    return status.catalogue.version !== '';
  }
}
