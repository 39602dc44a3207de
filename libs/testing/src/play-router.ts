import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectRouter, listModels, routerChanged, type Model, type ReplyOf } from '@orgn/contracts';
import { connectionOf } from './test-bus.ts';
import type { Bus } from '@orgn/service-kit';

/** A router that a test plays: its catalogue, and how it answers what gateways post. */
export interface RouterPlay {
  models: Model[];
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
  /** Its name; absent: the only one there is. */
  name?: string;
}

export interface PlayedRouter {
  /** Requests that were posted to it so far. */
  readonly posted: number;
  /** Serves other models from now on, and says that something changed. */
  serve(models: Model[]): void;
  /** Says nothing any more; what is posted it still gets. */
  fallSilent(): void;
  /** Says that it leaves, and is asked no more; its port stays open. */
  leave(): void;
  /** Ends the play; open answers are broken off. */
  end(): Promise<void>;
}

/** Plays a router of a deployment, over the bus and over HTTP. */
export async function playRouter(bus: Bus, { models, answer, name = 'router-1' }: RouterPlay): Promise<PlayedRouter> {
  let posted = 0;
  let served = models;
  const server = createServer((request, response) => {
    posted += 1;
    // The body is read to its end, as a router would, before anything is answered.
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, response, Buffer.concat(chunks)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const token = `the-token-of-${name}-which-is-played-by-a-test-of-gateways`;
  const catalogue = () => ({ version: versionOf(served), createdAt: '2026-01-01T00:00:00Z', models: served });
  const stop = speak(bus, name, {
    connect: () => ({
      router: name,
      url,
      token,
      tokenSeconds: 3_600,
      catalogueVersion: versionOf(served),
      providers: {},
    }),
    list: catalogue,
  });
  return {
    get posted() {
      return posted;
    },
    serve: (others) => {
      served = others;
      bus.broadcast(routerChanged, { router: name, isLeaving: false });
    },
    fallSilent: stop,
    leave: () => {
      bus.broadcast(routerChanged, { router: name, isLeaving: true });
      stop();
    },
    end: async () => {
      stop();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Words {
  connect: () => ReplyOf<typeof connectRouter>;
  list: () => ReplyOf<typeof listModels>;
}

/** Answers on the bus as the router of that name. @returns a function that ends it */
function speak(bus: Bus, name: string, { connect, list }: Words): () => void {
  const connection = connectionOf(bus, 'inference-router');
  const reply = (ok: unknown) => JSON.stringify({ ok });
  const subscriptions = [
    connection.subscribe(connectRouter.subject, {
      callback: (_, message) => void message.respond(reply(connectRouter.reply.parse(connect()))),
    }),
    connection.subscribe(`${listModels.subject}.${name}`, {
      callback: (_, message) => void message.respond(reply(listModels.reply.parse(list()))),
    }),
  ];
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

function versionOf(models: readonly Model[]): string {
  return createHash('sha256').update(JSON.stringify(models)).digest('hex').slice(0, 16);
}
