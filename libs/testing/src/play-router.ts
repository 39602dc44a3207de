import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectRouter, listModels, type Model } from '@orgn/contracts';
import { playResponder } from './play-responder.ts';
import { connectionOf } from './test-bus.ts';
import type { Bus } from '@orgn/service-kit';

/** A router that a test plays: its catalogue, and how it answers what gateways post. */
export interface RouterPlay {
  models: Model[];
  answer: (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;
}

export interface PlayedRouter {
  /** Requests that were posted to it so far. */
  readonly posted: number;
  /** Ends the play; open answers are broken off. */
  end(): Promise<void>;
}

/** Plays the one router of a deployment, over the bus and over HTTP. */
export async function playRouter(bus: Bus, { models, answer }: RouterPlay): Promise<PlayedRouter> {
  let posted = 0;
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
  const catalogueVersion = 'played';
  const token = 'the-token-of-a-router-that-is-played-by-a-test';
  const announcement = { router: 'router-1', url, token, tokenSeconds: 3_600, catalogueVersion, providers: {} };
  const connected = connectionOf(bus, 'inference-router').subscribe(connectRouter.subject, {
    callback: (_, message) => void message.respond(JSON.stringify({ ok: connectRouter.reply.parse(announcement) })),
  });
  const catalogue = { version: catalogueVersion, createdAt: '2026-01-01T00:00:00Z', models };
  const endListing = playResponder(bus, listModels, () => catalogue);
  return {
    get posted() {
      return posted;
    },
    end: async () => {
      connected.unsubscribe();
      endListing();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
