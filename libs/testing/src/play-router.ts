import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { ChannelHost, type TakenRequest } from '@orgn/channel';
import { findRouters, listModels, routerChanged, type Model, type ReplyOf } from '@orgn/contracts';
import { PlayedAnswer } from './played-answer.ts';
import { connectionOf } from './test-bus.ts';
import type { Bus } from '@orgn/service-kit';

/** What a router was sent, and the answer to it. */
export interface Posted {
  path: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  response: PlayedAnswer;
}

/** A router that a test plays: its catalogue, and how it answers what gateways post. */
export interface RouterPlay {
  models: Model[];
  answer: (posted: Posted) => void;
  /** Its name; absent: the only one there is. */
  name?: string;
}

export interface PlayedRouter {
  /** Requests that were posted to it so far. */
  readonly posted: number;
  /** Serves other models from now on, and says that something changed. */
  serve(models: Model[]): void;
  /** Says nothing any more, neither on the bus nor on the channel; what is posted it still gets. */
  fallSilent(): void;
  /** Says that it leaves, and is asked no more; its port stays open. */
  leave(): void;
  /** Ends the play; open answers are broken off. */
  end(): Promise<void>;
}

/** Plays a router of a deployment, over the bus and over the channel. */
export async function playRouter(bus: Bus, { models, answer, name = 'router-1' }: RouterPlay): Promise<PlayedRouter> {
  let posted = 0;
  let served = models;
  const { url, fallSilent, end } = await openDoor(name, (request) => {
    posted += 1;
    void toPosted(request).then((one) => one && answer(one));
  });
  const catalogue = () => ({ version: versionOf(served), createdAt: '2026-01-01T00:00:00Z', models: served });
  const { stop, mute } = speak(bus, name, {
    announce: () => ({ router: name, url, catalogueVersion: versionOf(served), providers: {} }),
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
    fallSilent: () => {
      mute();
      fallSilent();
    },
    leave: () => {
      bus.broadcast(routerChanged, { router: name, isLeaving: true });
      stop();
    },
    end: async () => {
      stop();
      await end();
    },
  };
}

async function openDoor(name: string, take: (request: TakenRequest) => void) {
  const server = createServer();
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const host = new ChannelHost(server, 'connection', { name, maxConnections: 100, take });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // As on a network that swallows packets: what is written is gone, and nobody is told.
  const fallSilent = () => sockets.forEach((socket) => Object.assign(socket, { write: () => true }));
  const end = async () => {
    host.close();
    await once(server, 'close');
  };
  return { url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, fallSilent, end };
}

/** The body is read to its end, as a router would, before anything is answered. */
async function toPosted(request: TakenRequest): Promise<Posted | undefined> {
  const { path, headers } = request.head;
  const body = await request.body();
  return body && { path, headers, body, response: new PlayedAnswer(request) };
}

interface Words {
  announce: () => ReplyOf<typeof findRouters>;
  list: () => ReplyOf<typeof listModels>;
}

/** Answers on the bus as the router of that name, until it stops; muted it is there and says nothing. */
function speak(bus: Bus, name: string, { announce, list }: Words): { stop: () => void; mute: () => void } {
  const connection = connectionOf(bus, 'inference-router');
  let isMute = false;
  const say = (question: { respond: (words: string) => unknown }, ok: unknown) => {
    if (!isMute) question.respond(JSON.stringify({ ok }));
  };
  const subscriptions = [
    connection.subscribe(findRouters.subject, {
      callback: (_, message) => say(message, findRouters.reply.parse(announce())),
    }),
    connection.subscribe(`${listModels.subject}.${name}`, {
      callback: (_, message) => say(message, listModels.reply.parse(list())),
    }),
  ];
  const stop = () => subscriptions.forEach((subscription) => subscription.unsubscribe());
  return { stop, mute: () => void (isMute = true) };
}

function versionOf(models: readonly Model[]): string {
  return createHash('sha256').update(JSON.stringify(models)).digest('hex').slice(0, 16);
}
